package dev.forno.registry.client;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.registry.credentials.Credentials;
import dev.forno.registry.documents.TokenDocument;
import java.util.List;
import java.util.Optional;

/** Verifies credentials at one host. */
final class Login {
    private final Contact contact;
    private final Wire wire;
    private final Retries retries;
    private final Tokens tokens;

    Login(Contact contact, Wire wire, Retries retries, Tokens tokens) {
        this.contact = contact;
        this.wire = wire;
        this.retries = retries;
        this.tokens = tokens;
    }

    /** The identity token given for the credentials, or the empty string. */
    String verify(Credentials credentials) {
        Outgoing ping = contact.ping();
        FornoException refusal = contact.refusal();
        if (refusal == null) {
            return "";
        }
        List<Challenge> challenges = contact.challenges();
        if (contact.status() != 401 || challenges.isEmpty()) {
            throw refused(ping, contact.status(), refusal);
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
                throw refused(ping, reply.status(), RegistryErrors.of(reply));
            }
        }
    }

    private static FornoException refused(Outgoing ping, int status, FornoException cause) {
        if (status == 401) {
            return new FornoException(ErrorKind.UNAUTHENTICATED, text(ping, cause.getMessage()));
        }
        return new FornoException(
                cause.kind(), "login attempt to " + ping.uri() + " failed with status: " + status, cause);
    }

    private static String text(Outgoing ping, String reason) {
        return ping.quoted() + ": " + reason;
    }
}
