package dev.forno.cli.templates;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One line of a listing: its fields by the names that templates use.
 *
 * @param kind what it is a line of, for error messages
 * @param fields the printable values
 * @param label finds the value of a label, for {@code {{.Label "key"}}}; null where objects have no labels
 */
public record Row(
        String kind, Map<String, Object> fields, @Nullable Function<String, String> label) {

    /** A line of an object without labels. */
    public Row(String kind, Map<String, Object> fields) {
        this(kind, fields, null);
    }

    /** The fields in alphabetical order, as {@code {{json .}}} prints them. */
    Map<String, Object> sorted() {
        return new TreeMap<>(fields);
    }
}
