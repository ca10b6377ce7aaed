package dev.forno.build.dockerfile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The {@code --name=value} flags between an instruction's name and its arguments. */
final class InstructionFlags {
    /** Flags as words, quotes removed, and what follows them. */
    record Split(List<String> flags, String rest) {}

    private final int line;
    private final Map<String, List<String>> values = new LinkedHashMap<>();

    /** Reads the flags; those in {@code repeatable} may stand more than once, those in {@code booleans} need no value. */
    InstructionFlags(int line, List<String> words, Set<String> single, Set<String> booleans, Set<String> repeatable) {
        this.line = line;
        for (String word : words) {
            int equals = word.indexOf('=');
            String flag = equals < 0 ? word : word.substring(0, equals);
            String name = flag.substring(2);
            String value = equals < 0 ? null : word.substring(equals + 1);
            boolean known = single.contains(name) || booleans.contains(name) || repeatable.contains(name);
            if (!known) {
                Set<String> all = new TreeSet<>(single);
                all.addAll(booleans);
                all.addAll(repeatable);
                throw ParseErrors.at(line, "unknown flag: " + flag + ParseErrors.suggestion(name, all));
            }
            if (values.containsKey(name) && !repeatable.contains(name)) {
                throw ParseErrors.at(line, "duplicate flag specified: " + flag);
            }
            values.computeIfAbsent(name, _ -> new ArrayList<>())
                    .add(booleans.contains(name) ? bool(flag, value) : required(flag, value));
        }
    }

    /** The flag's value, or null when it isn't there. */
    @Nullable
    String value(String name) {
        List<String> all = values.get(name);
        return all == null ? null : all.getFirst();
    }

    /** The values of a repeatable flag. */
    List<String> all(String name) {
        return List.copyOf(values.getOrDefault(name, List.of()));
    }

    /** Whether a boolean flag is set. */
    boolean isTrue(String name) {
        return "true".equals(value(name));
    }

    /** A boolean flag, null when it isn't there. */
    @Nullable
    Boolean bool(String name) {
        String value = value(name);
        return value == null ? null : Boolean.valueOf(value);
    }

    private String required(String flag, @Nullable String value) {
        if (value == null) {
            throw ParseErrors.at(line, "missing a value on flag: " + flag);
        }
        return value;
    }

    private String bool(String flag, @Nullable String value) {
        if (value == null) {
            return "true";
        }
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> "true";
            case "false" -> "false";
            case "" -> throw ParseErrors.at(line, "missing a value on flag: " + flag);
            default -> throw ParseErrors.at(line, "expecting boolean value for flag " + flag + ", not: " + value);
        };
    }

    /** Takes the leading words that begin with {@code --} off an instruction's arguments; {@code --} alone ends them. */
    static Split split(String arguments, char escape) {
        List<String> flags = new ArrayList<>();
        int at = 0;
        while (true) {
            while (at < arguments.length() && Character.isWhitespace(arguments.charAt(at))) {
                at++;
            }
            if (!arguments.startsWith("--", at)) {
                return new Split(flags, arguments.substring(at).strip());
            }
            StringBuilder word = new StringBuilder();
            at = word(arguments, at, escape, word);
            if (word.toString().equals("--")) {
                return new Split(flags, arguments.substring(at).strip());
            }
            flags.add(word.toString());
        }
    }

    private static int word(String text, int start, char escape, StringBuilder out) {
        char quote = 0;
        int at = start;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (quote == 0 && Character.isWhitespace(c)) {
                break;
            }
            if (c == escape) {
                if (at + 1 < text.length()) {
                    out.append(text.charAt(++at));
                }
            } else if (quote == 0 ? c == '\'' || c == '"' : c == quote) {
                quote = quote == 0 ? c : 0;
            } else {
                out.append(c);
            }
        }
        return at;
    }
}
