package dev.forno.registry.faults;

import java.util.Locale;
import java.util.Map;

/**
 * One request that reached the proxy.
 *
 * @param target path and query
 * @param headers by lower-case name
 * @param fault what was done to it, or the empty string
 */
public record Exchanged(String method, String target, Map<String, String> headers, String fault) {
    /** The value of a header, or the empty string. */
    public String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /** The path without query. */
    public String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** Method and target, as in a log. */
    @Override
    public String toString() {
        return method + " " + target + (header("range").isEmpty() ? "" : " " + header("range"))
                + (fault.isEmpty() ? "" : " [" + fault + "]");
    }
}
