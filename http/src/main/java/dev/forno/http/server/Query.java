package dev.forno.http.server;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The decoded parameters after the question mark; a name may have several values. */
public final class Query {
    private static final int MAX_PARAMETERS = 1000;

    private final Map<String, List<String>> values;

    private Query(Map<String, List<String>> values) {
        this.values = values;
    }

    /** Parses the raw text, which may be empty. */
    public static Query parse(String raw) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        int count = 0;
        for (String pair : raw.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            if (++count > MAX_PARAMETERS) {
                throw new StatusException(400, "parse query: more than " + MAX_PARAMETERS + " parameters");
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
        }
        return new Query(values);
    }

    /** The first value of {@code name}. */
    public Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    /** The first value of {@code name}, or the empty string. */
    public String text(String name) {
        return first(name).orElse("");
    }

    /** All values of {@code name}, in order. */
    public List<String> all(String name) {
        return List.copyOf(values.getOrDefault(name, List.of()));
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new StatusException(400, "parse query: \"" + text + "\" is not percent-encoded correctly");
        }
    }
}
