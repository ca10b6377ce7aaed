package dev.forno.cli.options;

import dev.forno.cli.values.Durations;
import dev.forno.cli.values.Sizes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parsed command line: option values and operands. Options may follow operands unless the command says otherwise;
 * {@code --} ends them.
 */
public final class Arguments {
    private final OptionTable table;
    private final Map<String, List<String>> values = new LinkedHashMap<>();
    private final List<String> operands = new ArrayList<>();

    private Arguments(OptionTable table) {
        this.table = table;
    }

    /**
     * Parses the words.
     *
     * @param interspersed whether options may follow operands; commands that pass a command line on say no
     * @throws UsageException for an unknown option, a missing or an invalid value
     */
    public static Arguments parse(OptionTable table, List<String> words, boolean interspersed) {
        Arguments arguments = new Arguments(table);
        int i = 0;
        while (i < words.size()) {
            String word = words.get(i++);
            if (word.equals("--")) {
                break;
            } else if (word.startsWith("--")) {
                i = arguments.longOption(word, words, i);
            } else if (word.startsWith("-") && word.length() > 1) {
                i = arguments.shortOptions(word, words, i);
            } else {
                arguments.operands.add(word);
                if (!interspersed) {
                    break;
                }
            }
        }
        arguments.operands.addAll(words.subList(i, words.size()));
        return arguments;
    }

    private int longOption(String word, List<String> words, int next) {
        int equals = word.indexOf('=');
        String name = word.substring(2, equals < 0 ? word.length() : equals);
        Option option = table.byName(name);
        if (option == null) {
            throw new UsageException("unknown flag: --" + name);
        }
        if (equals >= 0) {
            put(option, word.substring(equals + 1));
            return next;
        }
        if (option.kind() == Option.Kind.BOOL) {
            put(option, "true");
            return next;
        }
        if (next >= words.size()) {
            throw new UsageException("flag needs an argument: --" + name);
        }
        put(option, words.get(next));
        return next + 1;
    }

    private int shortOptions(String word, List<String> words, int next) {
        for (int i = 1; i < word.length(); i++) {
            String letter = word.substring(i, i + 1);
            Option option = table.byShortName(letter);
            if (option == null) {
                throw new UsageException("unknown shorthand flag: '" + letter + "' in " + "-" + word.substring(i));
            }
            String rest = word.substring(i + 1);
            if (rest.startsWith("=")) {
                put(option, rest.substring(1));
                return next;
            }
            if (option.kind() == Option.Kind.BOOL) {
                put(option, "true");
                continue;
            }
            if (!rest.isEmpty()) {
                put(option, rest);
                return next;
            }
            if (next >= words.size()) {
                throw new UsageException("flag needs an argument: '" + letter + "' in -" + word.substring(i));
            }
            put(option, words.get(next));
            return next + 1;
        }
        return next;
    }

    private void put(Option option, String value) {
        String problem = problem(option.kind(), value);
        if (problem != null) {
            throw invalid(option.name(), value, problem);
        }
        List<String> list = values.computeIfAbsent(option.name(), name -> new ArrayList<>(1));
        if (!option.kind().repeats()) {
            list.clear();
        }
        list.add(value);
    }

    private static @Nullable String problem(Option.Kind kind, String value) {
        return switch (kind) {
            case BOOL -> truth(value) == null ? "strconv.ParseBool: parsing \"" + value + "\": invalid syntax" : null;
            case INT ->
                value.matches("[+-]?[0-9]{1,18}")
                        ? null
                        : "strconv.ParseInt: parsing \"" + value + "\": invalid syntax";
            case DECIMAL ->
                value.matches("[0-9]*\\.?[0-9]+") ? null : "failed to parse " + value + " as a rational number";
            case BYTES -> Sizes.parse(value) == null ? "invalid size: '" + value + "'" : null;
            case DURATION -> Durations.parse(value) == null ? "time: invalid duration \"" + value + "\"" : null;
            case FILTER -> value.contains("=") ? null : "bad format of filter (expected name=value)";
            case STRING, LIST, MAP, MOUNT, NETWORK, ULIMIT -> null;
        };
    }

    private static @Nullable Boolean truth(String value) {
        return switch (value) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> null;
        };
    }

    /** The complaint about a value that the command itself found invalid. */
    public UsageException invalid(String name, String value, String reason) {
        Option option = table.byName(name);
        String spelling = option == null ? "--" + name : option.spelling();
        return new UsageException("invalid argument \"" + value + "\" for \"" + spelling + "\" flag: " + reason);
    }

    /** What is left beside the options. */
    public List<String> operands() {
        return operands;
    }

    /** The operand at a position, counted from 0. */
    public String operand(int index) {
        return operands.get(index);
    }

    /** Whether the option was given at all. */
    public boolean given(String name) {
        return values.containsKey(declared(name));
    }

    /** A boolean option; false when not given. */
    public boolean is(String name) {
        return is(name, false);
    }

    /** A boolean option with its default. */
    public boolean is(String name, boolean otherwise) {
        List<String> list = values.get(declared(name));
        return list == null ? otherwise : Boolean.TRUE.equals(truth(list.getFirst()));
    }

    /** The value of an option, or null when not given. */
    public @Nullable String text(String name) {
        List<String> list = values.get(declared(name));
        return list == null ? null : list.getLast();
    }

    /** The value of an option, or its default. */
    public String text(String name, String otherwise) {
        String value = text(name);
        return value == null ? otherwise : value;
    }

    /** Every value of a repeated option, in order. */
    public List<String> list(String name) {
        return values.getOrDefault(declared(name), List.of());
    }

    /** A number, or its default. */
    public long number(String name, long otherwise) {
        String value = text(name);
        return value == null ? otherwise : Long.parseLong(value);
    }

    /** A size in bytes, or its default. */
    public long bytes(String name, long otherwise) {
        Long size = given(name) ? Sizes.parse(text(name, "")) : null;
        return size == null ? otherwise : size;
    }

    // a typing error in a command's own code must not read as "not given"
    private String declared(String name) {
        if (table.byName(name) == null) {
            throw new IllegalArgumentException("undeclared option " + name);
        }
        return name;
    }
}
