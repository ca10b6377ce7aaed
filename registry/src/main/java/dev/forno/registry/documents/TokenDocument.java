package dev.forno.registry.documents;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** A token server's answer (Docker's token specification, and OAuth2's names). */
@Json(naming = Json.Naming.LowerUnderscore)
public record TokenDocument(
        @Nullable String token,
        @Nullable String accessToken,
        @Nullable Long expiresIn,
        @Nullable String refreshToken) {
    /** The token under either name, or the empty string. */
    public String value() {
        if (token != null && !token.isEmpty()) {
            return token;
        }
        return accessToken == null ? "" : accessToken;
    }
}
