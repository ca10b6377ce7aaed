package dev.forno.dockerapi.models;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What an absent field stands for. */
final class Or {
    private Or() {}

    static String empty(@Nullable String value) {
        return value == null ? "" : value;
    }

    /** Elements that are null say nothing. */
    static <T> List<T> empty(@Nullable List<T> value) {
        return value == null
                ? List.of()
                : value.stream().filter(Objects::nonNull).toList();
    }

    /** Members that are null are empty texts, as Go's clients and servers read them. */
    static Map<String, String> texts(@Nullable Map<String, String> value) {
        if (value == null) {
            return Map.of();
        }
        Map<String, String> result = new LinkedHashMap<>();
        value.forEach((key, text) -> result.put(key, empty(text)));
        return result;
    }

    static <K, V> Map<K, V> empty(@Nullable Map<K, V> value) {
        return value == null ? Map.of() : value;
    }

    static long zero(@Nullable Long value) {
        return value == null ? 0 : value;
    }

    static int zero(@Nullable Integer value) {
        return value == null ? 0 : value;
    }

    static boolean no(@Nullable Boolean value) {
        return value != null && value;
    }
}
