package dev.forno.cli.calls;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A request's path and query, percent-encoded as it grows. */
public final class Query {
    private final StringBuilder target;
    private boolean first = true;

    private Query(String path) {
        target = new StringBuilder(path);
    }

    /** Starts with a path that needs no encoding. */
    public static Query of(String path) {
        return new Query(path);
    }

    /** Encodes one segment of a path; slashes of image names stay. */
    public static String segment(String text) {
        return encode(text).replace("%2F", "/").replace("%3A", ":").replace("%40", "@");
    }

    /** Adds a parameter. */
    public Query with(String name, String value) {
        target.append(first ? '?' : '&').append(encode(name)).append('=').append(encode(value));
        first = false;
        return this;
    }

    /** Adds a parameter unless it is null. */
    public Query withNullable(String name, @Nullable String value) {
        return value == null ? this : with(name, value);
    }

    /** Adds {@code name=1} when the flag is set. */
    public Query withFlag(String name, boolean flag) {
        return flag ? with(name, "1") : this;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return target.toString();
    }
}
