package dev.forno.cli.templates;

import dev.forno.cli.templates.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Splits a template into literal text and the tokens of its actions. */
final class Lexer {
    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String source) {
        Lexer lexer = new Lexer(source);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        boolean trim = false;
        while (position < source.length()) {
            int open = source.indexOf("{{", position);
            int end = open < 0 ? source.length() : open;
            String text = source.substring(position, end);
            boolean trimNext = open >= 0 && source.startsWith("{{- ", open);
            if (trim) {
                text = text.stripLeading();
            }
            if (trimNext) {
                text = text.stripTrailing();
            }
            if (!text.isEmpty()) {
                tokens.add(new Token(Kind.TEXT, text, position));
            }
            position = end;
            if (open < 0) {
                break;
            }
            position += trimNext ? 4 : 2;
            trim = action(open);
        }
        tokens.add(new Token(Kind.END, "", source.length()));
    }

    /** Reads one action after its opening braces; true when it ends with a trim marker. */
    private boolean action(int open) {
        if (source.startsWith("/*", position)) {
            int end = source.indexOf("*/", position);
            if (end < 0) {
                throw new TemplateException(line(open) + ": unclosed comment");
            }
            position = end + 2;
            return close(open);
        }
        tokens.add(new Token(Kind.OPEN, "{{", open));
        while (true) {
            while (position < source.length()
                    && Character.isWhitespace(source.charAt(position))
                    && !source.startsWith(" -}}", position)) {
                position++;
            }
            if (position >= source.length()) {
                throw new TemplateException(line(open) + ": unclosed action");
            }
            if (source.startsWith("}}", position) || source.startsWith(" -}}", position)) {
                tokens.add(new Token(Kind.CLOSE, "}}", position));
                return close(open);
            }
            token();
        }
    }

    private boolean close(int open) {
        if (source.startsWith(" -}}", position)) {
            position += 4;
            return true;
        }
        if (source.startsWith("}}", position)) {
            position += 2;
            return false;
        }
        throw new TemplateException(line(open) + ": comment ends before closing delimiter");
    }

    private void token() {
        int start = position;
        char c = source.charAt(position);
        switch (c) {
            case '|' -> simple(Kind.PIPE, 1);
            case '(' -> simple(Kind.LEFT, 1);
            case ')' -> simple(Kind.RIGHT, 1);
            case ',' -> simple(Kind.COMMA, 1);
            case '=' -> simple(Kind.ASSIGN, 1);
            case ':' -> {
                if (!source.startsWith(":=", position)) {
                    throw new TemplateException(line(start) + ": expected :=");
                }
                simple(Kind.DECLARE, 2);
            }
            case '"', '`' -> string(c);
            case '.' -> {
                position++;
                word();
                tokens.add(new Token(
                        position == start + 1 ? Kind.DOT : Kind.FIELD, source.substring(start, position), start));
            }
            case '$' -> {
                position++;
                word();
                tokens.add(new Token(Kind.VARIABLE, source.substring(start, position), start));
            }
            default -> wordOrNumber(c, start);
        }
    }

    private void wordOrNumber(char c, int start) {
        if (Character.isDigit(c) || c == '-' || c == '+') {
            position++;
            while (position < source.length()
                    && (Character.isDigit(source.charAt(position)) || source.charAt(position) == '.')) {
                position++;
            }
            tokens.add(new Token(Kind.NUMBER, source.substring(start, position), start));
        } else if (Character.isLetter(c) || c == '_') {
            word();
            tokens.add(new Token(Kind.IDENTIFIER, source.substring(start, position), start));
        } else {
            throw new TemplateException(line(start) + ": unexpected \"" + c + "\" in command");
        }
    }

    private void simple(Kind kind, int length) {
        tokens.add(new Token(kind, source.substring(position, position + length), position));
        position += length;
    }

    private void word() {
        while (position < source.length()
                && (Character.isLetterOrDigit(source.charAt(position)) || source.charAt(position) == '_')) {
            position++;
        }
    }

    private void string(char quote) {
        int start = position++;
        StringBuilder text = new StringBuilder();
        while (true) {
            if (position >= source.length()) {
                throw new TemplateException(line(start) + ": unterminated quoted string");
            }
            char c = source.charAt(position++);
            if (c == quote) {
                break;
            }
            if (c == '\\' && quote == '"' && position < source.length()) {
                char escaped = source.charAt(position++);
                text.append(
                        switch (escaped) {
                            case 'n' -> '\n';
                            case 't' -> '\t';
                            case 'r' -> '\r';
                            default -> escaped;
                        });
            } else {
                text.append(c);
            }
        }
        tokens.add(new Token(Kind.STRING, text.toString(), start));
    }

    private int line(int offset) {
        int line = 1;
        for (int i = 0; i < offset; i++) {
            if (source.charAt(i) == '\n') {
                line++;
            }
        }
        return line;
    }
}
