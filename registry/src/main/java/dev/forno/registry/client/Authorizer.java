package dev.forno.registry.client;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.registry.documents.TokenDocument;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Proves to one registry who asks, as its challenges demand; tokens are kept until they expire. Thread-safe. */
final class Authorizer {
    private static final long DEFAULT_LIFE_SECONDS = 60;
    private static final long MARGIN_SECONDS = 5;

    private final URI registry;
    private final Credentials credentials;
    private final Tokens tokens;
    private final InstantSource clock;
    private final Map<List<String>, Kept> kept = new ConcurrentHashMap<>();
    private volatile List<Challenge> challenges;

    Authorizer(URI registry, Credentials credentials, Tokens tokens, InstantSource clock, List<Challenge> challenges) {
        this.registry = registry;
        this.credentials = credentials;
        this.tokens = tokens;
        this.clock = clock;
        this.challenges = challenges;
    }

    /** The request with what the known challenges demand for {@code scopes}. */
    Outgoing authorize(Outgoing request, List<String> scopes) {
        if (!RegistryAddress.sameOrigin(request.uri(), registry)) {
            return request;
        }
        if (!credentials.registryToken().isEmpty()) {
            return request.withAuthorization("Bearer " + credentials.registryToken());
        }
        Optional<Challenge> bearer = challenge("bearer");
        if (bearer.isPresent()) {
            return request.withAuthorization("Bearer " + token(bearer.get(), scopes));
        }
        if (challenge("basic").isEmpty()) {
            return request;
        }
        if (!credentials.hasPassword()) {
            throw new FornoException(ErrorKind.UNAUTHENTICATED, request.quoted() + ": no basic auth credentials");
        }
        return request.withAuthorization(Tokens.basic(credentials));
    }

    /** Takes in a refusal; whether another attempt, authorized anew, may succeed. */
    boolean learn(Reply refusal, List<String> scopes) {
        List<Challenge> asked = Challenge.of(refusal.headers());
        if (asked.isEmpty() || !credentials.registryToken().isEmpty()) {
            return false;
        }
        boolean changed = !schemes(asked).equals(schemes(challenges));
        challenges = asked;
        Kept old = kept.remove(scopes);
        boolean invalidToken = asked.stream().anyMatch(c -> c.parameter("error").equals("invalid_token"));
        return changed || (old != null && (old.used() || invalidToken));
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

    private String token(Challenge challenge, List<String> scopes) {
        Instant now = clock.instant();
        Kept found = kept.get(scopes);
        if (found != null && found.expires().isAfter(now)) {
            kept.replace(scopes, found, new Kept(found.token(), found.expires(), true));
            return found.token();
        }
        TokenDocument fetched = tokens.fetch(registry, challenge, scopes, credentials, false);
        Long seconds = fetched.expiresIn();
        long life = Math.max(DEFAULT_LIFE_SECONDS, seconds == null ? 0 : seconds);
        kept.put(scopes, new Kept(fetched.value(), now.plusSeconds(life - MARGIN_SECONDS), false));
        return fetched.value();
    }

    /** A token, and whether it served more than the request that it was fetched for. */
    private record Kept(String token, Instant expires, boolean used) {}
}
