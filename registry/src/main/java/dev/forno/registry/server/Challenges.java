package dev.forno.registry.server;

import dev.forno.http.server.Request;
import dev.forno.registry.accounts.Right;
import java.net.URI;
import java.util.Optional;

/**
 * Tells clients how to say who they are (RFC 9110, section 11; Docker's token specification).
 *
 * @param publicUrl where they reach the registry, when it was told; nothing that any client can send counts for that
 */
record Challenges(Request request, boolean tokens, Optional<URI> publicUrl) {
    /** For whom the tokens are. */
    static final String SERVICE = "forno-registry";

    /** Where they are given. */
    static final String TOKEN_PATH = "/token";

    /** Those that ask for a password with the request. */
    static Challenges basic(Request request) {
        return new Challenges(request, false, Optional.empty());
    }

    /** What a token is asked for so that it grants a right; writing needs reading too. */
    static String scope(Right right, String repository) {
        String actions = right == Right.PUSH ? "pull,push" : right.word();
        return "repository:" + repository + ":" + actions;
    }

    /** The refusal of a request; {@code scope} and {@code error} may be empty. */
    RegistryError refuse(String message, String scope, String error) {
        return new RegistryError(ErrorCode.UNAUTHORIZED, message).with("WWW-Authenticate", header(scope, error));
    }

    private String header(String scope, String error) {
        if (!tokens) {
            return "Basic realm=\"Forno registry\", charset=\"UTF-8\"";
        }
        String base = publicUrl
                .map(url -> url.getScheme() + "://" + url.getRawAuthority())
                .orElseGet(this::address);
        return "Bearer realm=\"" + base + TOKEN_PATH + "\",service=\"" + SERVICE + "\""
                + (scope.isEmpty() ? "" : ",scope=\"" + scope + "\"")
                + (error.isEmpty() ? "" : ",error=\"" + error + "\"");
    }

    /** Where the client says that it sent the request. */
    private String address() {
        String host = request.header("Host").orElse("localhost");
        // it is quoted where it is used
        String plain = host.matches("[A-Za-z0-9.:\\[\\]_-]{1,255}") ? host : "localhost";
        return (request.secure() ? "https://" : "http://") + plain;
    }
}
