package dev.forno.build.dockerfile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Splits a file into instructions: parser directives, comments, continuations and heredocs. */
final class LogicalLines {
    /** An instruction on one line, with its heredocs. */
    record Line(int firstLine, int lastLine, String text, List<String> comments, List<Heredoc> heredocs) {}

    private static final Pattern DIRECTIVE = Pattern.compile("#\\s*([a-zA-Z][a-zA-Z0-9]*)\\s*=\\s*(.+?)\\s*");
    private static final List<String> KNOWN_DIRECTIVES = List.of("syntax", "escape", "check");

    private final String text;
    private final Map<String, String> directives = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private boolean directivesAllowed = true;
    private char escape = '\\';
    private int position;
    private int lineNumber;

    LogicalLines(String text) {
        this.text = text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    Map<String, String> directives() {
        return directives;
    }

    char escape() {
        return escape;
    }

    List<String> warnings() {
        return warnings;
    }

    /** The next instruction, or null at the end. */
    @Nullable
    Line next() {
        List<String> comments = new ArrayList<>();
        for (String raw = readLine(); raw != null; raw = readLine()) {
            String line = withoutLineEnd(raw).stripLeading();
            if (line.startsWith("#")) {
                comment(line, comments);
                continue;
            }
            directivesAllowed = false;
            if (!line.isEmpty()) {
                return instruction(line, comments);
            }
        }
        return null;
    }

    private Line instruction(String first, List<String> comments) {
        int start = lineNumber;
        StringBuilder joined = new StringBuilder();
        boolean more = append(joined, first);
        boolean empty = false;
        while (more) {
            String raw = readLine();
            if (raw == null) {
                break;
            }
            String line = withoutLineEnd(raw);
            String stripped = line.stripLeading();
            if (stripped.startsWith("#")) {
                continue;
            }
            if (stripped.isEmpty()) {
                empty = true;
                continue;
            }
            more = append(joined, line);
        }
        String whole = joined.toString();
        if (empty) {
            warnings.add("Empty continuation line found in: " + whole);
        }
        List<Heredoc> heredocs = new ArrayList<>();
        for (Heredoc opened : HeredocWords.find(whole, escape)) {
            heredocs.add(read(opened, start));
        }
        return new Line(start, lineNumber, whole, comments, heredocs);
    }

    private Heredoc read(Heredoc opened, int start) {
        StringBuilder content = new StringBuilder();
        for (String raw = readLine(); raw != null; raw = readLine()) {
            String line = withoutLineEnd(raw);
            if (opened.stripTabs()) {
                line = line.replaceFirst("^\t+", "");
            }
            if (line.equals(opened.name())) {
                return new Heredoc(
                        opened.descriptor(), opened.name(), opened.expand(), opened.stripTabs(), content.toString());
            }
            content.append(raw);
        }
        throw ParseErrors.at(start, "unterminated heredoc");
    }

    /** Adds a line without its continuation character; says whether it had one. */
    private boolean append(StringBuilder joined, String line) {
        int end = line.length();
        while (end > 0 && (line.charAt(end - 1) == ' ' || line.charAt(end - 1) == '\t')) {
            end--;
        }
        boolean continues = end > 0 && line.charAt(end - 1) == escape && (end == 1 || line.charAt(end - 2) != escape);
        joined.append(line, 0, continues ? end - 1 : line.length());
        return continues;
    }

    private void comment(String line, List<String> comments) {
        if (directivesAllowed && directive(line)) {
            return;
        }
        directivesAllowed = false;
        String comment = line.substring(1).strip();
        if (comment.isEmpty()) {
            comments.clear();
        } else {
            comments.add(comment);
        }
    }

    private boolean directive(String line) {
        Matcher m = DIRECTIVE.matcher(line);
        if (!m.matches()) {
            return false;
        }
        String key = m.group(1).toLowerCase(Locale.ROOT);
        if (!KNOWN_DIRECTIVES.contains(key)) {
            return false;
        }
        if (directives.put(key, m.group(2)) != null) {
            throw ParseErrors.at(lineNumber, "only one " + key + " parser directive can be used");
        }
        if (key.equals("escape")) {
            String value = m.group(2);
            if (!value.equals("\\") && !value.equals("`")) {
                throw ParseErrors.at(lineNumber, "invalid escape token '" + value + "' does not match ` or \\");
            }
            escape = value.charAt(0);
        }
        return true;
    }

    /** The next physical line with its line end, or null. */
    private @Nullable String readLine() {
        if (position >= text.length()) {
            return null;
        }
        int newline = text.indexOf('\n', position);
        int end = newline < 0 ? text.length() : newline + 1;
        String line = text.substring(position, end);
        position = end;
        lineNumber++;
        return line;
    }

    private static String withoutLineEnd(String line) {
        int end = line.length();
        while (end > 0 && (line.charAt(end - 1) == '\n' || line.charAt(end - 1) == '\r')) {
            end--;
        }
        return line.substring(0, end);
    }
}
