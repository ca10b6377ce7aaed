package dev.forno.registry.client;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.registry.credentials.Credentials;
import dev.forno.registry.documents.TokenDocument;
import dev.forno.registry.hosts.Addresses;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Proves to one registry who asks, as its challenges demand. Thread-safe. */
final class Authorizer {
    private static final String BEARER = "Bearer ";
    private static final long SHORTEST_LIFE_SECONDS = 60;

    private final Outgoing registry;
    private final Credentials credentials;
    private final Tokens tokens;
    private volatile List<Challenge> challenges;

    /** @param registry a request to the registry, whose origin and trust count */
    Authorizer(Outgoing registry, Credentials credentials, Tokens tokens, List<Challenge> challenges) {
        this.registry = registry;
        this.credentials = credentials;
        this.tokens = tokens;
        this.challenges = challenges;
    }

    /** The request with what the known challenges demand for {@code scopes}. */
    Outgoing authorize(Outgoing request, List<String> scopes) {
        if (!Addresses.sameOrigin(request.uri(), registry.uri())) {
            return request;
        }
        if (!credentials.registryToken().isEmpty()) {
            return request.withAuthorization(BEARER + credentials.registryToken());
        }
        Optional<Challenge> bearer = challenge("bearer");
        if (bearer.isPresent()) {
            return request.withAuthorization(BEARER + token(bearer.get(), scopes));
        }
        if (challenge("basic").isEmpty()) {
            return request;
        }
        if (!credentials.hasPassword()) {
            throw new FornoException(ErrorKind.UNAUTHENTICATED, request.quoted() + ": no basic auth credentials");
        }
        return request.withAuthorization(Tokens.basic(credentials));
    }

    /**
     * Takes in the refusal of a request; whether another attempt, authorized anew, may succeed. What another origin asks for,
     * to which the registry redirected, is not taken in: it could name a token server of its own.
     */
    boolean learn(Outgoing sent, Reply refusal, List<String> scopes) {
        if (!Addresses.sameOrigin(refusal.request().uri(), registry.uri())) {
            return false;
        }
        List<Challenge> asked = Challenge.of(refusal.headers());
        if (asked.isEmpty() || !credentials.registryToken().isEmpty()) {
            return false;
        }
        boolean changed = !schemes(asked).equals(schemes(challenges));
        challenges = asked;
        String shown = sent.authorization();
        if (!shown.startsWith(BEARER)) {
            return changed;
        }
        boolean invalid = asked.stream().anyMatch(c -> c.parameter("error").equals("invalid_token"));
        boolean renewed = challenge("bearer")
                .map(c -> tokens.cache().refused(key(c, scopes), shown.substring(BEARER.length()), invalid))
                .orElse(false);
        return changed || renewed;
    }

    private static List<String> schemes(List<Challenge> challenges) {
        return challenges.stream()
                .map(c -> c.scheme() + " " + c.parameter("realm"))
                .sorted()
                .toList();
    }

    private Optional<Challenge> challenge(String scheme) {
        return challenges.stream().filter(c -> c.scheme().equals(scheme)).findFirst();
    }

    private TokenCache.Key key(Challenge challenge, List<String> scopes) {
        URI realm = Tokens.realm(registry.uri(), challenge);
        return new TokenCache.Key(realm, challenge.parameter("service"), scopes, credentials);
    }

    private String token(Challenge challenge, List<String> scopes) {
        return tokens.cache().get(key(challenge, scopes), () -> {
            TokenDocument fetched = tokens.fetch(registry, challenge, scopes, credentials, false);
            Long seconds = fetched.expiresIn();
            long life = Math.max(SHORTEST_LIFE_SECONDS, seconds == null ? 0 : seconds);
            return new TokenCache.Token(fetched.value(), Duration.ofSeconds(Math.min(life, 86_400)));
        });
    }
}
