package dev.forno.registry.client;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.registry.credentials.Credentials;
import dev.forno.registry.documents.TokenDocument;
import java.util.List;
import java.util.Optional;

/** Verifies credentials at one address. */
final class Login {
    private final Outgoing ping;
    private final Wire wire;
    private final Retries retries;
    private final Tokens tokens;

    Login(Outgoing ping, Wire wire, Retries retries, Tokens tokens) {
        this.ping = ping;
        this.wire = wire;
        this.retries = retries;
        this.tokens = tokens;
    }

    /** The identity token given for the credentials, or the empty string. */
    String verify(Credentials credentials) {
        List<Challenge> challenges;
        try (Reply reply = retries.run(ping, () -> wire.send(ping))) {
            if (reply.isSuccess()) {
                return "";
            }
            challenges = Challenge.of(reply.headers());
            if (reply.status() != 401 || challenges.isEmpty()) {
                throw refused(ping, reply);
            }
        }
        Optional<Challenge> bearer =
                challenges.stream().filter(c -> c.scheme().equals("bearer")).findFirst();
        if (bearer.isEmpty()) {
            accept(ping, ping.withAuthorization(Tokens.basic(credentials)));
            return "";
        }
        TokenDocument token;
        try {
            token = tokens.fetch(ping, bearer.get(), List.of(), credentials, true);
        } catch (FornoException e) {
            throw e.kind() == ErrorKind.UNAUTHENTICATED
                    ? new FornoException(e.kind(), text(ping, e.getMessage()), e)
                    : e;
        }
        accept(ping, ping.withAuthorization("Bearer " + token.value()));
        String refresh = token.refreshToken();
        return refresh == null ? "" : refresh;
    }

    private void accept(Outgoing ping, Outgoing authorized) {
        try (Reply reply = retries.run(authorized, () -> wire.send(authorized))) {
            if (!reply.isSuccess()) {
                throw refused(ping, reply);
            }
        }
    }

    private static FornoException refused(Outgoing ping, Reply reply) {
        FornoException cause = RegistryErrors.of(reply);
        if (reply.status() == 401) {
            return new FornoException(ErrorKind.UNAUTHENTICATED, text(ping, cause.getMessage()));
        }
        return new FornoException(
                cause.kind(), "login attempt to " + ping.uri() + " failed with status: " + reply.status(), cause);
    }

    private static String text(Outgoing ping, String reason) {
        return ping.quoted() + ": " + reason;
    }
}
