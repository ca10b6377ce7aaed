package dev.forno.dockerapi.models;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an absent field stands for. */
final class Or {
    private Or() {}

    static String empty(@Nullable String value) {
        return value == null ? "" : value;
    }

    static <T> List<T> empty(@Nullable List<T> value) {
        return value == null ? List.of() : value;
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
