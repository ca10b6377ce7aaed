package dev.forno.registry.documents;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a token of the embedded registry says (RFC 7519, and Docker's {@code access}).
 *
 * @param sub the user; empty for anonymous ones
 * @param use {@code access} or {@code refresh}
 * @param mark changes with the user's password
 * @param access the rights granted
 */
@Json
public record ClaimsDocument(
        String iss,
        String sub,
        String aud,
        long iat,
        long exp,
        String jti,
        String use,
        String mark,
        @Nullable List<Entry> access) {
    /** Rights in one repository. */
    public record Entry(String type, String name, List<String> actions) {}
}
