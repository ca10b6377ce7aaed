package dev.forno.registry.server;

import dev.forno.http.server.Request;
import dev.forno.registry.accounts.Right;

/** Tells clients how to say who they are (RFC 9110, section 11; Docker's token specification). */
record Challenges(Request request, boolean tokens) {
    /** For whom the tokens are. */
    static final String SERVICE = "forno-registry";

    /** Where they are given. */
    static final String TOKEN_PATH = "/token";

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
        String host = request.header("Host").orElse("localhost");
        // it is quoted below
        String plain = host.matches("[A-Za-z0-9.:\\[\\]_-]{1,255}") ? host : "localhost";
        String realm = (request.secure() ? "https://" : "http://") + plain + TOKEN_PATH;
        return "Bearer realm=\"" + realm + "\",service=\"" + SERVICE + "\""
                + (scope.isEmpty() ? "" : ",scope=\"" + scope + "\"")
                + (error.isEmpty() ? "" : ",error=\"" + error + "\"");
    }
}
