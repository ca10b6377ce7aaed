package dev.forno.registry.client;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to be sent; its body can be sent again.
 *
 * @param headers by lower-case name
 * @param body null for none
 */
record Outgoing(
        String method,
        URI uri,
        Map<String, String> headers,
        @Nullable BodyPublisher body) {
    private static final String AUTHORIZATION = "authorization";

    static Outgoing get(URI uri) {
        return new Outgoing("GET", uri, Map.of(), null);
    }

    static Outgoing head(URI uri) {
        return new Outgoing("HEAD", uri, Map.of(), null);
    }

    static Outgoing post(URI uri) {
        return new Outgoing("POST", uri, Map.of(), BodyPublishers.noBody());
    }

    static Outgoing put(URI uri, BodyPublisher body) {
        return new Outgoing("PUT", uri, Map.of(), body);
    }

    Outgoing with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header.toLowerCase(Locale.ROOT), value);
        return new Outgoing(method, uri, Map.copyOf(more), body);
    }

    Outgoing withAuthorization(String value) {
        return with(AUTHORIZATION, value);
    }

    /** The request that a redirect leads to: credentials go nowhere but to the same origin. */
    Outgoing redirectedTo(URI target) {
        Map<String, String> kept = new HashMap<>(headers);
        if (!RegistryAddress.sameOrigin(uri, target)) {
            kept.remove(AUTHORIZATION);
        }
        return new Outgoing(method, target, Map.copyOf(kept), body);
    }

    boolean readsOnly() {
        return method.equals("GET") || method.equals("HEAD");
    }

    /** As Docker's errors quote a request: {@code Get "http://…"}. */
    String quoted() {
        return method.charAt(0) + method.substring(1).toLowerCase(Locale.ROOT) + " \"" + withoutQuery(uri) + "\"";
    }

    /** The address without its query, which may hold a signature. */
    static String withoutQuery(URI uri) {
        String text = uri.toString();
        int query = text.indexOf('?');
        return query < 0 ? text : text.substring(0, query);
    }
}
