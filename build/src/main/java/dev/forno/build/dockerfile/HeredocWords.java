package dev.forno.build.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the words that open here-documents in an instruction's line. */
final class HeredocWords {
    private static final Pattern OPENING = Pattern.compile("(\\d{0,4})<<(-?)\\s*([^<]+)", Pattern.DOTALL);
    private static final Pattern KEYWORD =
            Pattern.compile("\\s*(?:onbuild\\s+)?(run|copy|add)\\s(.*)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private HeredocWords() {}

    /** The documents that the line opens, with empty content, in order. */
    static List<Heredoc> find(String line, char escape) {
        Matcher m = KEYWORD.matcher(line);
        if (!line.contains("<<") || !m.matches()) {
            return List.of();
        }
        String arguments = InstructionFlags.split(m.group(2), escape).rest();
        if (JsonStrings.scan(arguments).array()) {
            return List.of();
        }
        List<Heredoc> found = new ArrayList<>();
        for (String word : words(arguments)) {
            Heredoc heredoc = parse(word);
            if (heredoc != null) {
                found.add(heredoc);
            }
        }
        return found;
    }

    /** The document that a word opens, with empty content; null when it opens none. */
    static @Nullable Heredoc parse(String word) {
        Matcher m = OPENING.matcher(word);
        if (!m.matches()) {
            return null;
        }
        String written = m.group(3);
        StringBuilder name = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    name.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '\\' && i + 1 < written.length()) {
                name.append(written.charAt(++i));
            } else if (Character.isWhitespace(c)) {
                return null;
            } else {
                name.append(c);
            }
        }
        if (quote != 0 || name.isEmpty()) {
            return null;
        }
        boolean quoted = written.indexOf('\'') >= 0 || written.indexOf('"') >= 0;
        int descriptor = m.group(1).isEmpty() ? 0 : Integer.parseInt(m.group(1));
        return new Heredoc(descriptor, name.toString(), !quoted, !m.group(2).isEmpty(), "");
    }

    /** Shell words with their quotes; blanks between {@code <<} and the delimiter don't end a word. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote != 0) {
                word.append(c);
                if (c == '\\' && quote == '"' && i + 1 < line.length()) {
                    word.append(line.charAt(++i));
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (Character.isWhitespace(c)) {
                if (!opensDocument(word)) {
                    finish(word, words);
                }
            } else {
                word.append(c);
                if (c == '\'' || c == '"') {
                    quote = c;
                } else if (c == '\\' && i + 1 < line.length()) {
                    word.append(line.charAt(++i));
                }
            }
        }
        if (quote != 0) {
            return List.of();
        }
        finish(word, words);
        return words;
    }

    private static boolean opensDocument(CharSequence word) {
        return word.toString().matches("\\d*<<-?");
    }

    private static void finish(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }
}
