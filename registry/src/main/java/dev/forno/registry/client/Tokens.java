package dev.forno.registry.client;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.JsonBinding;
import dev.forno.registry.credentials.Credentials;
import dev.forno.registry.documents.TokenDocument;
import dev.forno.registry.hosts.Addresses;
import io.avaje.json.JsonException;
import io.avaje.jsonb.Jsonb;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** Asks token servers for bearer tokens (Docker's token specification). Thread-safe. */
final class Tokens {
    private static final int MAX_TOKEN_BYTES = 1 << 20;
    private static final String CLIENT = "forno";
    private static final Jsonb JSONB = JsonBinding.jsonb();

    private final Wire wire;
    private final Retries retries;
    private final TokenCache cache;

    Tokens(Wire wire, Retries retries, TokenCache cache) {
        this.wire = wire;
        this.retries = retries;
        this.cache = cache;
    }

    /** Tokens that were fetched before. */
    TokenCache cache() {
        return cache;
    }

    /**
     * A token for {@code scopes}.
     *
     * @param registry a request to the registry that sent the challenge
     * @param offline ask for a refresh token too
     */
    TokenDocument fetch(
            Outgoing registry, Challenge challenge, List<String> scopes, Credentials credentials, boolean offline) {
        URI realm = realm(registry.uri(), challenge);
        Outgoing bare = credentials.identityToken().isEmpty()
                ? byGet(realm, challenge, scopes, credentials, offline)
                : byRefreshToken(realm, challenge, scopes, credentials.identityToken());
        Outgoing request = bare.with(wire.trust(registry, realm));
        Reply reply = retries.runWhole(request, MAX_TOKEN_BYTES, () -> wire.send(request));
        if (!reply.isSuccess()) {
            throw RegistryErrors.of(reply);
        }
        try (reply) {
            TokenDocument token = JSONB.type(TokenDocument.class).fromJson(reply.bytes(MAX_TOKEN_BYTES));
            if (token == null || token.value().isEmpty()) {
                throw new FornoException(ErrorKind.UNAVAILABLE, request.quoted() + ": the answer holds no token");
            }
            return token;
        } catch (IOException e) {
            throw Retries.unreachable(request, e);
        } catch (JsonException e) {
            throw new FornoException(ErrorKind.UNAVAILABLE, request.quoted() + ": the answer is no token", e);
        }
    }

    static String basic(Credentials credentials) {
        String pair = credentials.username() + ":" + credentials.password();
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static Outgoing byGet(
            URI realm, Challenge challenge, List<String> scopes, Credentials credentials, boolean offline) {
        StringBuilder query = new StringBuilder();
        String service = challenge.parameter("service");
        if (!service.isEmpty()) {
            query.append("&service=").append(encode(service));
        }
        scopes.forEach(scope -> query.append("&scope=").append(encode(scope)));
        if (!credentials.username().isEmpty()) {
            query.append("&account=").append(encode(credentials.username()));
        }
        if (offline) {
            query.append("&offline_token=true&client_id=").append(CLIENT);
        }
        String base = realm.toString();
        String separator = realm.getRawQuery() == null ? "?" : "&";
        URI address = URI.create(query.isEmpty() ? base : base + separator + query.substring(1));
        Outgoing request = Outgoing.get(address);
        return credentials.hasPassword() ? request.withAuthorization(basic(credentials)) : request;
    }

    private static Outgoing byRefreshToken(URI realm, Challenge challenge, List<String> scopes, String refreshToken) {
        String form = "grant_type=refresh_token&client_id=" + CLIENT + "&service="
                + encode(challenge.parameter("service")) + "&refresh_token=" + encode(refreshToken)
                + (scopes.isEmpty()
                        ? ""
                        : scopes.stream().map(Tokens::encode).collect(Collectors.joining("+", "&scope=", "")));
        return Outgoing.post(realm, Body.of(form.getBytes(StandardCharsets.UTF_8)))
                .with("content-type", Outgoing.FORM);
    }

    static URI realm(URI registry, Challenge challenge) {
        URI realm;
        try {
            realm = registry.resolve(challenge.parameter("realm"));
        } catch (IllegalArgumentException e) {
            throw badRealm(registry, challenge, "is not an address");
        }
        String scheme = String.valueOf(realm.getScheme());
        if (challenge.parameter("realm").isEmpty() || realm.getHost() == null) {
            throw badRealm(registry, challenge, "is not an address");
        }
        boolean plain = scheme.equalsIgnoreCase("http");
        if (!plain && !scheme.equalsIgnoreCase("https")) {
            throw badRealm(registry, challenge, "is neither HTTP nor HTTPS");
        }
        if (plain && registry.getScheme().equalsIgnoreCase("https") && !Addresses.isLoopback(realm)) {
            throw badRealm(registry, challenge, "would send credentials without TLS");
        }
        return realm;
    }

    private static FornoException badRealm(URI registry, Challenge challenge, String reason) {
        return new FornoException(
                ErrorKind.UNAVAILABLE,
                "authenticate with " + registry.getAuthority() + ": the token server \"" + challenge.parameter("realm")
                        + "\" " + reason);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
