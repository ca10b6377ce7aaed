package dev.forno.registry.documents;

import io.avaje.jsonb.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of Docker's {@code config.json} concerns registries.
 *
 * @param auths by server
 * @param credHelpers names of helper programs by server
 * @param credsStore the helper program for all others
 */
@Json
public record ConfigDocument(
        @Nullable Map<String, AuthDocument> auths,
        @Nullable Map<String, String> credHelpers,
        @Nullable String credsStore) {

    /** Hides the secrets. */
    @Override
    public String toString() {
        return "ConfigDocument";
    }
}
