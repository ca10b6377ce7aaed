package dev.forno.cli.templates;

import dev.forno.cli.documents.Json;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Go's {@code printf} for the verbs of everyday templates. */
final class Printf {
    private Printf() {}

    static String format(String format, List<? extends @Nullable Object> arguments) {
        StringBuilder out = new StringBuilder();
        int argument = 0;
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                out.append(c);
                continue;
            }
            int start = i++;
            while (i < format.length() && "+-# 0123456789.".indexOf(format.charAt(i)) >= 0) {
                i++;
            }
            if (i >= format.length()) {
                return out.append("%!(NOVERB)").toString();
            }
            char verb = format.charAt(i);
            if (verb == '%') {
                out.append('%');
            } else if (argument >= arguments.size()) {
                out.append("%!").append(verb).append("(MISSING)");
            } else {
                out.append(one(format.substring(start, i), verb, arguments.get(argument++)));
            }
        }
        return out.toString();
    }

    private static String one(String flags, char verb, @Nullable Object value) {
        return switch (verb) {
            case 'd', 'x' -> {
                if (value instanceof Number number) {
                    yield String.format(Locale.ROOT, flags + verb, number.longValue());
                }
                throw new IllegalArgumentException("the verb " + verb + " needs a number");
            }
            case 'f' -> {
                if (value instanceof Number number) {
                    yield String.format(Locale.ROOT, flags + verb, number.doubleValue());
                }
                throw new IllegalArgumentException("the verb f needs a number");
            }
            case 'q' -> String.format(Locale.ROOT, flags + "s", Json.of(Values.print(value)));
            case 's', 'v', 't' -> String.format(Locale.ROOT, flags + "s", Values.print(value));
            default -> throw new IllegalArgumentException("the verb " + verb + " is not supported");
        };
    }
}
