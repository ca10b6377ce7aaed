package dev.forno.cli.templates;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How Go prints, tests and compares the values of a template. */
final class Values {
    private Values() {}

    static String print(@Nullable Object value) {
        return value == null ? "<no value>" : inner(value);
    }

    private static String inner(@Nullable Object value) {
        return switch (value) {
            case null -> "<nil>";
            case BigDecimal number -> number.toPlainString();
            case List<?> list -> {
                StringBuilder text = new StringBuilder("[");
                for (Object element : list) {
                    text.append(text.length() > 1 ? " " : "")
                            .append(element instanceof Map<?, ?> members ? struct(members) : inner(element));
                }
                yield text.append(']').toString();
            }
            case Map<?, ?> map -> {
                StringBuilder text = new StringBuilder("map[");
                new TreeMap<>(map).forEach((key, element) -> text.append(text.length() > 4 ? " " : "")
                        .append(key)
                        .append(':')
                        .append(element instanceof Map<?, ?> members && members.isEmpty() ? "{}" : inner(element)));
                yield text.append(']').toString();
            }
            case Row row -> inner(row.sorted());
            default -> value.toString();
        };
    }

    // JSON does not tell Go's structs from its maps: the elements of lists, and empty members of maps, are structs
    private static String struct(Map<?, ?> members) {
        StringBuilder text = new StringBuilder("{");
        members.values().forEach(member -> text.append(text.length() > 1 ? " " : "")
                .append(inner(Objects.requireNonNullElse(member, ""))));
        return text.append('}').toString();
    }

    static boolean isTrue(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Boolean bool -> bool;
            case Number number -> number.doubleValue() != 0;
            case String text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            default -> true;
        };
    }

    static boolean same(@Nullable Object a, @Nullable Object b) {
        if (a instanceof Number x && b instanceof Number y) {
            return decimal(x).compareTo(decimal(y)) == 0;
        }
        if (a != null && b != null && !type(a).equals(type(b))) {
            throw new IllegalArgumentException("incompatible types for comparison");
        }
        return a == null ? b == null : a.equals(b);
    }

    static int compare(@Nullable Object a, @Nullable Object b) {
        if (a instanceof Number x && b instanceof Number y) {
            return decimal(x).compareTo(decimal(y));
        }
        if (a instanceof String x && b instanceof String y) {
            return x.compareTo(y);
        }
        throw new IllegalArgumentException("incompatible types for comparison");
    }

    private static BigDecimal decimal(Number number) {
        return number instanceof BigDecimal decimal ? decimal : BigDecimal.valueOf(number.longValue());
    }

    static String type(Object value) {
        return switch (value) {
            case String text -> "string";
            case Boolean bool -> "bool";
            case Number number -> "number";
            case List<?> list -> "list";
            case Map<?, ?> map -> "map";
            default -> "object";
        };
    }
}
