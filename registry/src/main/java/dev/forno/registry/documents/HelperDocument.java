package dev.forno.registry.documents;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** What a program {@code docker-credential-NAME} answers to {@code get}. */
@Json
public record HelperDocument(
        @Json.Property("Username") @Nullable String username,
        @Json.Property("Secret") @Nullable String secret) {

    /** Hides the secret. */
    @Override
    public String toString() {
        return "HelperDocument";
    }
}
