package dev.forno.cli.tables;

import dev.forno.cli.documents.Json;
import java.util.ArrayList;
import java.util.List;

/** Texts as lists show them: short ids, cut texts, labels. */
public final class Words {
    private static final int SHORT_ID = 12;

    private Words() {}

    /** The first twelve digits of an id, without its algorithm. */
    public static String shortId(String id) {
        String digits = id.substring(id.indexOf(':') + 1);
        return digits.length() > SHORT_ID ? digits.substring(0, SHORT_ID) : digits;
    }

    /** The text cut to a length, its last character an ellipsis when something is missing. */
    public static String cut(String text, int length) {
        return text.codePointCount(0, text.length()) <= length
                ? text
                : text.substring(0, text.offsetByCodePoints(0, length - 1)) + "…";
    }

    /** The text in double quotes, as Go quotes it. */
    public static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        out.append(String.format(java.util.Locale.ROOT, "\\x%02x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    /** Labels as {@code a=b,c=d}, in the order of their keys. */
    public static String labels(Json labels) {
        List<String> pairs = new ArrayList<>();
        labels.members().forEach((key, value) -> pairs.add(key + "=" + value.text()));
        pairs.sort(null);
        return String.join(",", pairs);
    }
}
