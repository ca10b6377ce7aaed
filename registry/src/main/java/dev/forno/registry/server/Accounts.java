package dev.forno.registry.server;

import dev.forno.http.server.Request;
import dev.forno.registry.accounts.Attempts;
import dev.forno.registry.accounts.Htpasswd;
import dev.forno.registry.accounts.Right;
import dev.forno.registry.accounts.Rights;
import dev.forno.registry.accounts.Tokens;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The users of a registry: checks passwords and rights. */
final class Accounts {
    private final Htpasswd passwords;
    private final @Nullable Rights rights;
    private final Attempts attempts;

    /** With {@code rights} null, users may do everything and others nothing. */
    Accounts(Htpasswd passwords, @Nullable Rights rights, Attempts attempts) {
        this.passwords = passwords;
        this.rights = rights;
        this.attempts = attempts;
    }

    boolean allow(Optional<String> user, Right right, String repository) {
        return rights == null ? user.isPresent() : rights.allow(user, right, repository);
    }

    String mark(String user) {
        return user.isEmpty() ? "" : passwords.mark(user).orElse("");
    }

    /** Whether the password is still the one for which the token was given. */
    boolean current(Tokens.Holder holder) {
        return holder.user().isEmpty()
                || passwords.mark(holder.user()).filter(holder.mark()::equals).isPresent();
    }

    /** The user whose name and password the header holds; empty without the header, and when both are empty. */
    Optional<String> basic(Request request, String header, Challenges challenges) {
        if (header.isEmpty()) {
            return Optional.empty();
        }
        if (!header.regionMatches(true, 0, "Basic ", 0, "Basic ".length())) {
            throw challenges.refuse("these credentials are of another kind", "", "");
        }
        String pair;
        try {
            pair = new String(
                    Base64.getDecoder()
                            .decode(header.substring("Basic ".length()).strip()),
                    StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw challenges.refuse("the credentials are malformed", "", "");
        }
        int colon = pair.indexOf(':');
        if (colon < 0) {
            throw challenges.refuse("the credentials are malformed", "", "");
        }
        if (pair.equals(":")) {
            return Optional.empty(); // what clients without a name and a password send
        }
        String user = pair.substring(0, colon);
        check(request, user, pair.substring(colon + 1), challenges);
        return Optional.of(user);
    }

    /** Refuses a wrong password, and every one for a while after many wrong ones. */
    void check(Request request, String user, String password, Challenges challenges) {
        String address = request.remoteAddress();
        refuseDuring(attempts.pause(address));
        boolean right;
        try {
            right = passwords.verify(user, password);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryError(ErrorCode.UNKNOWN, 503, "the registry is stopping");
        }
        refuseDuring(attempts.settle(address, right));
        if (!right) {
            throw challenges.refuse("the user name or password is wrong", "", "");
        }
    }

    private static void refuseDuring(Duration pause) {
        if (!pause.isZero()) {
            throw new RegistryError(ErrorCode.TOOMANYREQUESTS, "too many wrong passwords; wait a while")
                    .with("Retry-After", Long.toString(pause.toSeconds() + 1));
        }
    }
}
