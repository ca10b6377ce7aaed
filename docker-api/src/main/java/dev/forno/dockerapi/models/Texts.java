package dev.forno.dockerapi.models;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list of texts for which "not set" differs from "left out": it is written as {@code null} when not set. It is read from
 * {@code null}, from an array, or from one text.
 */
public record Texts(@Nullable List<String> values) {
    /** Not set. */
    public static final Texts NULL = new Texts(null);

    /** {@code values}, not set when null. */
    public static Texts of(@Nullable List<String> values) {
        return values == null ? NULL : new Texts(List.copyOf(values));
    }

    /** {@code values}, not set when empty. */
    public static Texts nonEmpty(List<String> values) {
        return values.isEmpty() ? NULL : of(values);
    }

    /** The values of a field that may be absent, empty when it is not set. */
    public static List<String> orEmpty(@Nullable Texts texts) {
        List<String> values = texts == null ? null : texts.values;
        return values == null ? List.of() : values;
    }

    /** The values of a field that may be absent, null when it is not set. */
    public static @Nullable List<String> orNull(@Nullable Texts texts) {
        return texts == null ? null : texts.values;
    }
}
