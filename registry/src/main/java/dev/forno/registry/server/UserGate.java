package dev.forno.registry.server;

import dev.forno.http.server.Request;
import dev.forno.registry.accounts.Grant;
import dev.forno.registry.accounts.Right;
import dev.forno.registry.accounts.Tokens;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Knows users by their password or by a token, and what they may do by the rights file. */
final class UserGate implements Gate {
    private final Accounts accounts;
    private final @Nullable Tokens tokens;
    private final Optional<URI> publicUrl;

    /** With {@code tokens} null, users send their password with every request. */
    UserGate(Accounts accounts, @Nullable Tokens tokens, Optional<URI> publicUrl) {
        this.accounts = accounts;
        this.tokens = tokens;
        this.publicUrl = publicUrl;
    }

    @Override
    public Caller caller(Request request) {
        String header = request.header("Authorization").orElse("");
        Challenges challenges = new Challenges(request, tokens != null, publicUrl);
        if (header.regionMatches(true, 0, "Bearer ", 0, "Bearer ".length()) && tokens != null) {
            Tokens.Holder holder = tokens.verifyAccess(
                            header.substring("Bearer ".length()).strip())
                    .filter(accounts::current)
                    .orElseThrow(() -> challenges.refuse("the token is not valid any more", "", "invalid_token"));
            return new TokenCaller(holder, challenges);
        }
        return new PasswordCaller(accounts.basic(request, header, challenges), challenges);
    }

    /** Somebody who sent a password, or nothing. */
    private final class PasswordCaller implements Caller {
        private final Optional<String> user;
        private final Challenges challenges;

        PasswordCaller(Optional<String> user, Challenges challenges) {
            this.user = user;
            this.challenges = challenges;
        }

        @Override
        public boolean may(Right right, String repository) {
            return accounts.allow(user, right, repository);
        }

        @Override
        public void require(Right right, String repository) {
            if (may(right, repository)) {
                return;
            }
            if (user.isPresent()) {
                throw denied(right, repository);
            }
            throw challenges.refuse("log in first", Challenges.scope(right, repository), "");
        }

        @Override
        public void requireKnown() {
            if (user.isEmpty()) {
                throw challenges.refuse("log in first", "", "");
            }
        }
    }

    /** Somebody with a token: may do what it grants, as long as the rights file does so too. */
    private final class TokenCaller implements Caller {
        private final Optional<String> user;
        private final List<Grant> grants;
        private final Challenges challenges;

        TokenCaller(Tokens.Holder holder, Challenges challenges) {
            this.user = Optional.of(holder.user()).filter(name -> !name.isEmpty());
            this.grants = holder.grants();
            this.challenges = challenges;
        }

        /** For looking around, as in the catalog: the rights themselves count. */
        @Override
        public boolean may(Right right, String repository) {
            return accounts.allow(user, right, repository);
        }

        @Override
        public boolean mayTake(String repository) {
            return may(Right.PULL, repository) && Grant.covers(grants, Right.PULL, repository);
        }

        @Override
        public void require(Right right, String repository) {
            if (!may(right, repository) && user.isPresent()) {
                throw denied(right, repository);
            }
            if (!may(right, repository) || !Grant.covers(grants, right, repository)) {
                throw challenges.refuse(
                        "the token does not grant this", Challenges.scope(right, repository), "insufficient_scope");
            }
        }

        @Override
        public void requireKnown() {
            // a token was given, be it for everyone's rights
        }
    }

    private static RegistryError denied(Right right, String repository) {
        return new RegistryError(
                ErrorCode.DENIED, "you have no right to " + right.word() + " in repository " + repository);
    }
}
