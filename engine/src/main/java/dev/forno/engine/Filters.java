package dev.forno.engine;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a list, a prune or an event stream is narrowed to: for each key the accepted values. Values of one key are
 * alternatives; keys must all hold. Which keys a service knows is its own decision: {@link #requireKnown}.
 *
 * @param values the values by key
 */
public record Filters(Map<String, List<String>> values) {
    /** No narrowing. */
    public static final Filters NONE = new Filters(Map.of());

    /** Copies the map. */
    public Filters {
        values = Map.copyOf(values);
    }

    /** The values of {@code key}, empty when it was not given. */
    public List<String> get(String key) {
        return values.getOrDefault(key, List.of());
    }

    /** Whether {@code key} was given. */
    public boolean has(String key) {
        return !get(key).isEmpty();
    }

    /** Whether {@code key} was not given, or one of its values is {@code value}. */
    public boolean accepts(String key, String value) {
        return !has(key) || get(key).contains(value);
    }

    /** Checks the keys; throws {@link ErrorKind#INVALID_ARGUMENT} with Docker's text for one that is not in {@code known}. */
    public void requireKnown(Set<String> known) {
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                throw new FornoException(ErrorKind.INVALID_ARGUMENT, "invalid filter '" + key + "'");
            }
        }
    }

    /** The boolean value of {@code key}; throws {@link ErrorKind#INVALID_ARGUMENT} for several or other values. */
    public boolean flag(String key, boolean whenAbsent) {
        List<String> given = get(key);
        if (given.isEmpty()) {
            return whenAbsent;
        }
        boolean yes = given.stream().anyMatch(Filters::isTrue);
        boolean no = given.stream().anyMatch(Filters::isFalse);
        if (yes == no) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "invalid filter '" + key + "=" + given + "'");
        }
        return yes;
    }

    /** Whether {@code labels} has everything asked by the values of {@code label} ({@code key} or {@code key=value}). */
    public boolean acceptsLabels(Map<String, String> labels) {
        return get("label").stream().allMatch(wanted -> hasLabel(labels, wanted));
    }

    /** Whether {@code labels} has something excluded by the values of {@code label!}. */
    public boolean excludesLabels(Map<String, String> labels) {
        return get("label!").stream().anyMatch(unwanted -> hasLabel(labels, unwanted));
    }

    private static boolean hasLabel(Map<String, String> labels, String wanted) {
        int equals = wanted.indexOf('=');
        return equals < 0
                ? labels.containsKey(wanted)
                : wanted.substring(equals + 1).equals(labels.get(wanted.substring(0, equals)));
    }

    private static boolean isTrue(String text) {
        return Set.of("1", "t", "true").contains(text.toLowerCase(Locale.ROOT));
    }

    private static boolean isFalse(String text) {
        return Set.of("0", "f", "false").contains(text.toLowerCase(Locale.ROOT));
    }
}
