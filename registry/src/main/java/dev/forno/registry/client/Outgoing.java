package dev.forno.registry.client;

import dev.forno.registry.certificates.Trust;
import dev.forno.registry.hosts.Addresses;
import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request to be sent; its body can be sent again.
 *
 * @param headers by lower-case name
 * @param body null for none
 * @param trust for the host of {@code uri}
 */
record Outgoing(
        String method,
        URI uri,
        Map<String, String> headers,
        @Nullable Body body,
        Trust trust) {
    /** The media type of forms. */
    static final String FORM = "application/x-www-form-urlencoded";

    private static final String AUTHORIZATION = "authorization";

    /** What another origin may see: nothing that a setting or a credential has put there. */
    private static final Set<String> FOR_EVERYONE = Set.of("accept", "range", "content-type", "content-range");

    static Outgoing get(URI uri) {
        return new Outgoing("GET", uri, Map.of(), null, Trust.SYSTEM);
    }

    static Outgoing head(URI uri) {
        return new Outgoing("HEAD", uri, Map.of(), null, Trust.SYSTEM);
    }

    static Outgoing post(URI uri, Body body) {
        return new Outgoing("POST", uri, Map.of(), body, Trust.SYSTEM);
    }

    static Outgoing put(URI uri, Body body) {
        return new Outgoing("PUT", uri, Map.of(), body, Trust.SYSTEM);
    }

    static Outgoing patch(URI uri, Body body) {
        return new Outgoing("PATCH", uri, Map.of(), body, Trust.SYSTEM);
    }

    Outgoing with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header.toLowerCase(Locale.ROOT), value);
        return new Outgoing(method, uri, Map.copyOf(more), body, trust);
    }

    Outgoing with(Map<String, String> more) {
        Outgoing request = this;
        for (Map.Entry<String, String> header : more.entrySet()) {
            request = request.with(header.getKey(), header.getValue());
        }
        return request;
    }

    Outgoing with(Trust other) {
        return new Outgoing(method, uri, headers, body, other);
    }

    Outgoing withAuthorization(String value) {
        return with(AUTHORIZATION, value);
    }

    /** What {@link #withAuthorization} set, or the empty string. */
    String authorization() {
        return headers.getOrDefault(AUTHORIZATION, "");
    }

    /** The request that a redirect leads to: credentials and set headers go nowhere but to the same origin. */
    Outgoing redirectedTo(URI target, Trust targetTrust) {
        Map<String, String> kept = new HashMap<>(headers);
        if (!Addresses.sameOrigin(uri, target)) {
            kept.keySet().retainAll(FOR_EVERYONE);
        }
        return new Outgoing(method, target, Map.copyOf(kept), body, targetTrust);
    }

    /** Whether the body is a form, as token servers get it: with a token in it that is for nobody else. */
    boolean holdsSecret() {
        return FORM.equals(headers.get("content-type"));
    }

    boolean readsOnly() {
        return method.equals("GET") || method.equals("HEAD");
    }

    /** As Docker's errors quote a request: {@code Get "http://…"}. */
    String quoted() {
        return method.charAt(0) + method.substring(1).toLowerCase(Locale.ROOT) + " \"" + shown(uri) + "\"";
    }

    /** The address without its query, which may hold a signature, and without a password. */
    static String shown(URI uri) {
        String text = uri.toString();
        int query = text.indexOf('?');
        String path = query < 0 ? text : text.substring(0, query);
        String user = uri.getRawUserInfo();
        return user == null ? path : path.replace(user + "@", "");
    }

    /** Hides headers and query. */
    @Override
    public String toString() {
        return quoted();
    }
}
