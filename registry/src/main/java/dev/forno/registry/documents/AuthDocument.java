package dev.forno.registry.documents;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/**
 * One server's entry in Docker's {@code config.json}.
 *
 * @param auth name and password, joined by a colon, in Base64
 */
@Json
public record AuthDocument(
        @Nullable String auth,
        @Nullable String username,
        @Nullable String password,
        @Json.Property("identitytoken") @Nullable String identityToken,
        @Json.Property("registrytoken") @Nullable String registryToken) {

    /** Hides the secrets. */
    @Override
    public String toString() {
        return "AuthDocument";
    }
}
