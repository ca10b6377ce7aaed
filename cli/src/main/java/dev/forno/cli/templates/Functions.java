package dev.forno.cli.templates;

import dev.forno.cli.documents.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The functions a template may call. */
final class Functions {
    static final Set<String> NAMES = Set.of(
            "json",
            "join",
            "split",
            "lower",
            "upper",
            "title",
            "pad",
            "truncate",
            "println",
            "print",
            "printf",
            "len",
            "index",
            "slice",
            "eq",
            "ne",
            "lt",
            "le",
            "gt",
            "ge",
            "and",
            "or",
            "not");

    private Functions() {}

    static @Nullable Object call(String name, List<@Nullable Object> arguments) {
        return switch (name) {
            case "json" -> json(arguments.getFirst());
            case "join" -> String.join(text(arguments.getLast()), texts(arguments.getFirst()));
            case "split" ->
                Arrays.asList(text(arguments.get(0)).split(java.util.regex.Pattern.quote(text(arguments.get(1))), -1));
            case "lower" -> text(arguments.getFirst()).toLowerCase(Locale.ROOT);
            case "upper" -> text(arguments.getFirst()).toUpperCase(Locale.ROOT);
            case "title" -> title(text(arguments.getFirst()));
            case "pad" -> pad(arguments);
            case "truncate" -> truncate(text(arguments.get(0)), (int) number(arguments.get(1)));
            case "println" -> printed(arguments) + "\n";
            case "print" -> printed(arguments);
            case "printf" -> Printf.format(text(arguments.getFirst()), arguments.subList(1, arguments.size()));
            case "len" -> length(arguments.getFirst());
            case "index" -> index(arguments);
            case "slice" -> slice(arguments);
            case "eq" ->
                arguments.subList(1, arguments.size()).stream().anyMatch(a -> Values.same(arguments.getFirst(), a));
            case "ne" -> !Values.same(arguments.get(0), arguments.get(1));
            case "lt" -> Values.compare(arguments.get(0), arguments.get(1)) < 0;
            case "le" -> Values.compare(arguments.get(0), arguments.get(1)) <= 0;
            case "gt" -> Values.compare(arguments.get(0), arguments.get(1)) > 0;
            case "ge" -> Values.compare(arguments.get(0), arguments.get(1)) >= 0;
            case "and" -> first(arguments, false);
            case "or" -> first(arguments, true);
            case "not" -> !Values.isTrue(arguments.getFirst());
            default -> throw new IllegalArgumentException("function \"" + name + "\" not defined");
        };
    }

    private static @Nullable Object first(List<@Nullable Object> arguments, boolean wanted) {
        for (Object argument : arguments) {
            if (Values.isTrue(argument) == wanted) {
                return argument;
            }
        }
        return arguments.getLast();
    }

    private static String json(@Nullable Object value) {
        if (value instanceof Row row) {
            // Docker's lists escape what HTML would misread, its other documents do not
            String text = Json.of(row.sorted()).toString();
            return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
        }
        return Json.of(value).toString();
    }

    private static String printed(List<@Nullable Object> arguments) {
        StringBuilder text = new StringBuilder();
        for (Object argument : arguments) {
            text.append(text.isEmpty() ? "" : " ").append(Values.print(argument));
        }
        return text.toString();
    }

    private static String title(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static String pad(List<@Nullable Object> arguments) {
        String text = text(arguments.get(0));
        return text.isEmpty()
                ? text
                : " ".repeat((int) number(arguments.get(1))) + text + " ".repeat((int) number(arguments.get(2)));
    }

    private static String truncate(String text, int length) {
        return text.length() > length ? text.substring(0, length) : text;
    }

    private static long length(@Nullable Object value) {
        return switch (value) {
            case String text -> text.length();
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case null -> throw new IllegalArgumentException("len of nil pointer");
            default -> throw new IllegalArgumentException("len of type " + Values.type(value));
        };
    }

    private static @Nullable Object index(List<@Nullable Object> arguments) {
        Object value = arguments.getFirst();
        for (Object key : arguments.subList(1, arguments.size())) {
            value = switch (value) {
                case Map<?, ?> map -> map.get(text(key));
                case List<?> list -> {
                    long position = number(key);
                    if (position < 0 || position >= list.size()) {
                        throw new IllegalArgumentException("index out of range: " + position);
                    }
                    yield list.get((int) position);
                }
                case null -> throw new IllegalArgumentException("index of untyped nil");
                default -> throw new IllegalArgumentException("can't index item of type " + Values.type(value));
            };
        }
        return value;
    }

    private static Object slice(List<@Nullable Object> arguments) {
        Object value = arguments.getFirst();
        int start = arguments.size() > 1 ? (int) number(arguments.get(1)) : 0;
        if (value instanceof List<?> list) {
            return list.subList(start, arguments.size() > 2 ? (int) number(arguments.get(2)) : list.size());
        }
        String text = text(value);
        return text.substring(start, arguments.size() > 2 ? (int) number(arguments.get(2)) : text.length());
    }

    private static List<String> texts(@Nullable Object value) {
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Values::print).toList();
        }
        throw new IllegalArgumentException("wrong type for value; expected a list; got " + Values.type(value));
    }

    private static String text(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException(
                "wrong type for value; expected string; got " + (value == null ? "nil" : Values.type(value)));
    }

    private static long number(@Nullable Object value) {
        if (value instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException(
                "wrong type for value; expected int; got " + (value == null ? "nil" : Values.type(value)));
    }
}
