package dev.forno.http.client;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One request.
 *
 * @param method for example {@code GET}
 * @param target the path and query, already percent-encoded, starting with a slash
 * @param headers further headers; {@code Host}, {@code Content-Length} and {@code Transfer-Encoding} are set by the client
 * @param body the bytes to send
 */
public record ClientRequest(String method, String target, Map<String, String> headers, RequestBody body) {
    /** Checks that nothing in the head can break the framing. */
    public ClientRequest {
        check(method);
        check(target);
        headers.forEach((name, value) -> {
            check(name);
            if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("header " + name + ": a value must not hold line breaks");
            }
        });
        headers = Map.copyOf(headers);
    }

    /** A GET without body. */
    public static ClientRequest get(String target) {
        return new ClientRequest("GET", target, Map.of(), RequestBody.EMPTY);
    }

    /** A DELETE without body. */
    public static ClientRequest delete(String target) {
        return new ClientRequest("DELETE", target, Map.of(), RequestBody.EMPTY);
    }

    /** A POST without body. */
    public static ClientRequest post(String target) {
        return new ClientRequest("POST", target, Map.of(), RequestBody.EMPTY);
    }

    /** A POST of a JSON document. */
    public static ClientRequest postJson(String target, byte[] json) {
        return new ClientRequest("POST", target, Map.of("Content-Type", "application/json"), RequestBody.of(json));
    }

    /** A POST of {@code body}. */
    public static ClientRequest post(String target, String contentType, RequestBody body) {
        return new ClientRequest("POST", target, Map.of("Content-Type", contentType), body);
    }

    /** This request with one more header. */
    public ClientRequest with(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(name, value);
        return new ClientRequest(method, target, all, body);
    }

    private static void check(String token) {
        if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            throw new IllegalArgumentException(
                    "request part \"" + token + "\": spaces and control characters are not allowed");
        }
    }
}
