package dev.forno.build.dockerfile;

import java.util.ArrayList;
import java.util.List;

/** Recognises the exec form: a JSON array of strings (RFC 8259), and nothing behind it. */
final class JsonStrings {
    /**
     * What a text is.
     *
     * @param array whether it is a JSON array
     * @param stringsOnly whether all its elements are strings
     * @param values the strings, when {@code stringsOnly}
     */
    record Scan(boolean array, boolean stringsOnly, List<String> values) {}

    private static final Scan NOT_AN_ARRAY = new Scan(false, false, List.of());
    private static final int MAX_DEPTH = 64;

    private final String text;
    private int at;

    private JsonStrings(String text) {
        this.text = text;
    }

    static Scan scan(String text) {
        String stripped = text.strip();
        if (!stripped.startsWith("[")) {
            return NOT_AN_ARRAY;
        }
        try {
            return new JsonStrings(stripped).document();
        } catch (NotJson e) {
            return NOT_AN_ARRAY;
        }
    }

    private Scan document() throws NotJson {
        List<String> values = new ArrayList<>();
        boolean stringsOnly = true;
        at = 1;
        blanks();
        if (peek() == ']') {
            at++;
        } else {
            do {
                blanks();
                if (peek() == '"') {
                    values.add(string());
                } else {
                    stringsOnly = false;
                    value(1);
                }
                blanks();
            } while (separator(']'));
        }
        if (at != text.length()) {
            throw new NotJson();
        }
        return new Scan(true, stringsOnly, stringsOnly ? List.copyOf(values) : List.of());
    }

    private void value(int depth) throws NotJson {
        if (depth > MAX_DEPTH) {
            throw new NotJson();
        }
        switch (peek()) {
            case '"' -> string();
            case '[' -> members(depth, ']');
            case '{' -> members(depth, '}');
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number();
        }
    }

    private void members(int depth, char end) throws NotJson {
        at++;
        blanks();
        if (peek() == end) {
            at++;
            return;
        }
        do {
            blanks();
            if (end == '}') {
                string();
                blanks();
                literal(":");
                blanks();
            }
            value(depth + 1);
            blanks();
        } while (separator(end));
    }

    /** Passes a comma (true) or the end (false). */
    private boolean separator(char end) throws NotJson {
        char c = peek();
        at++;
        if (c != ',' && c != end) {
            throw new NotJson();
        }
        return c == ',';
    }

    private void number() throws NotJson {
        int start = at;
        while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        if (!text.substring(start, at).matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
            throw new NotJson();
        }
    }

    private void literal(String expected) throws NotJson {
        if (!text.startsWith(expected, at)) {
            throw new NotJson();
        }
        at += expected.length();
    }

    private String string() throws NotJson {
        literal("\"");
        StringBuilder out = new StringBuilder();
        for (char c = take(); c != '"'; c = take()) {
            if (c < 0x20) {
                throw new NotJson();
            }
            out.append(c == '\\' ? escaped() : c);
        }
        return out.toString();
    }

    private char escaped() throws NotJson {
        char c = take();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(take(), 16);
                    if (digit < 0) {
                        throw new NotJson();
                    }
                    code = code * 16 + digit;
                }
                yield (char) code;
            }
            default -> throw new NotJson();
        };
    }

    private char take() throws NotJson {
        char c = peek();
        at++;
        return c;
    }

    private char peek() throws NotJson {
        if (at >= text.length()) {
            throw new NotJson();
        }
        return text.charAt(at);
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private static final class NotJson extends Exception {
        private static final long serialVersionUID = 1L;

        NotJson() {
            super(null, null, false, false);
        }
    }
}
