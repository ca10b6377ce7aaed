package dev.forno.dockerapi.requests;

import dev.forno.dockerapi.models.Json;
import dev.forno.dockerapi.models.SystemDocuments.Credentials;
import dev.forno.engine.images.RegistryAuth;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Registry credentials in headers: base64url of JSON, with or without padding. */
public final class Credential {
    private Credential() {}

    /** The credentials of the {@code X-Registry-Auth} header, none when it is absent or empty. */
    public static RegistryAuth of(ApiRequest request) {
        String header = request.header("X-Registry-Auth").orElse("");
        if (header.isBlank()) {
            return RegistryAuth.NONE;
        }
        return toEngine(Json.read(decode(header), Credentials.class));
    }

    /** The document as the engine's value. */
    public static RegistryAuth toEngine(Credentials document) {
        String username = text(document.username());
        String password = text(document.password());
        String auth = text(document.auth());
        if (username.isEmpty() && !auth.isEmpty()) {
            String pair = new String(decode(auth), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            if (colon > 0) {
                username = pair.substring(0, colon);
                password = pair.substring(colon + 1);
            }
        }
        return new RegistryAuth(username, password, text(document.identitytoken()), text(document.registrytoken()));
    }

    /** Decodes either alphabet of base64; throws {@link ErrorKind#INVALID_ARGUMENT}. */
    public static byte[] decode(String text) {
        try {
            return Base64.getUrlDecoder()
                    .decode(text.strip().replace('+', '-').replace('/', '_').replace("=", ""));
        } catch (IllegalArgumentException e) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "invalid X-Registry-Auth header: not base64", e);
        }
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
