package dev.forno;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The keys that a command understands, and how it is given them: {@code --key value}, {@code --key=value}, and {@code --key}
 * alone when it is a switch, which means {@code true} unless {@code true} or {@code false} follows.
 *
 * @param all every key, in the order in which they are told
 * @param repeatable those that may have several values
 * @param switches those that need no value
 */
record OptionKeys(List<String> all, Set<String> repeatable, Set<String> switches) {
    private static final Set<String> TRUTHS = Set.of("true", "false");

    OptionKeys {
        all = List.copyOf(all);
        repeatable = Set.copyOf(repeatable);
        switches = Set.copyOf(switches);
    }

    boolean contains(String key) {
        return all.contains(key);
    }

    /**
     * The values of options; throws {@link ErrorKind#INVALID_ARGUMENT} for others than these.
     *
     * @param remedy what is said to someone who gave another
     */
    Map<String, List<String>> parse(List<String> arguments, String remedy) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            int equals = argument.indexOf('=');
            String key =
                    argument.startsWith("--") ? argument.substring(2, equals < 0 ? argument.length() : equals) : "";
            if (!contains(key)) {
                throw invalid("unknown option " + argument + "; " + remedy);
            }
            String value = equals < 0 ? "true" : argument.substring(equals + 1);
            if (equals < 0 && (!switches.contains(key) || isTruth(arguments, i + 1))) {
                if (++i == arguments.size()) {
                    throw invalid("option " + argument + " needs a value");
                }
                value = arguments.get(i);
            }
            add(values, key, value, "given twice: --");
        }
        return values;
    }

    private static boolean isTruth(List<String> arguments, int i) {
        return i < arguments.size() && TRUTHS.contains(arguments.get(i));
    }

    /** Adds a value; {@code twice} is said before the key of one that has a value already and may not have two. */
    void add(Map<String, List<String>> values, String key, String value, String twice) {
        List<String> list = values.computeIfAbsent(key, k -> new ArrayList<>());
        if (!list.isEmpty() && !repeatable.contains(key)) {
            throw invalid(twice + key);
        }
        list.add(value);
    }

    private static FornoException invalid(String reason) {
        return new FornoException(ErrorKind.INVALID_ARGUMENT, "read configuration: " + reason);
    }
}
