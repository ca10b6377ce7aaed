package dev.forno.oci.patterns;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.ArrayList;
import java.util.List;

/**
 * A pattern for slash-separated relative paths: {@code *} and {@code ?} stay within a name, {@code [a-z]} and {@code [^a]} are
 * classes, a backslash takes the next character literally. With {@link #ofIgnoreFile}, {@code **} spans names. Matching takes
 * time proportional to path times pattern. Immutable.
 */
public final class PathPattern {
    private static final int MAX_LENGTH = 8192;

    private sealed interface Token {
        record Literal(int character) implements Token {}

        record Any() implements Token {}

        record Many() implements Token {}

        /** Any text; {@code names} when it must be empty or end with a slash. */
        record Span(boolean names) implements Token {}

        record OneOf(List<int[]> ranges, boolean negated) implements Token {
            boolean accepts(int c) {
                return ranges.stream().anyMatch(r -> c >= r[0] && c <= r[1]) != negated;
            }
        }
    }

    private final String text;
    private final List<Token> tokens = new ArrayList<>();

    private PathPattern(String text, boolean spans) {
        this.text = text;
        if (text.length() > MAX_LENGTH) {
            throw invalid("longer than " + MAX_LENGTH + " characters");
        }
        parse(spans);
    }

    /** A pattern of COPY and ADD (Go's {@code filepath.Match}); throws {@link ErrorKind#INVALID_ARGUMENT}. */
    public static PathPattern of(String text) {
        return new PathPattern(text, false);
    }

    /** A pattern of {@code .dockerignore}; throws {@link ErrorKind#INVALID_ARGUMENT}. */
    public static PathPattern ofIgnoreFile(String text) {
        return new PathPattern(text, true);
    }

    /** Whether {@code text} has characters that make it more than a path. */
    public static boolean hasWildcards(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '*' || c == '?' || c == '[') {
                return true;
            }
        }
        return false;
    }

    /** Whether the whole path matches. */
    public boolean matches(String path) {
        boolean[] states = new boolean[tokens.size() + 1];
        states[0] = true;
        skipEmpty(states, true);
        int[] characters = path.codePoints().toArray();
        for (int c : characters) {
            boolean[] next = new boolean[states.length];
            for (int s = 0; s < tokens.size(); s++) {
                if (states[s]) {
                    step(s, c, next);
                }
            }
            skipEmpty(next, c == '/');
            states = next;
        }
        return states[tokens.size()];
    }

    /** The pattern as written. */
    @Override
    public String toString() {
        return text;
    }

    private void step(int state, int c, boolean[] next) {
        switch (tokens.get(state)) {
            case Token.Literal literal -> next[state + 1] |= c == literal.character();
            case Token.Any _ -> next[state + 1] |= c != '/';
            case Token.OneOf set -> next[state + 1] |= c != '/' && set.accepts(c);
            case Token.Many _ -> next[state] |= c != '/';
            case Token.Span _ -> next[state] = true;
        }
    }

    /** Passes tokens that match nothing; a span of whole names only where a name may begin. */
    private void skipEmpty(boolean[] states, boolean atNameStart) {
        for (int s = 0; s < tokens.size(); s++) {
            boolean empty = states[s]
                    && switch (tokens.get(s)) {
                        case Token.Many _ -> true;
                        case Token.Span span -> !span.names() || atNameStart;
                        case Token.Literal _, Token.Any _, Token.OneOf _ -> false;
                    };
            states[s + 1] |= empty;
        }
    }

    private void parse(boolean spans) {
        int[] in = text.codePoints().toArray();
        for (int i = 0; i < in.length; i++) {
            int c = in[i];
            if (c == '*' && spans && i + 1 < in.length && in[i + 1] == '*') {
                i++;
                boolean slash = i + 1 < in.length && in[i + 1] == '/';
                i += slash ? 1 : 0;
                tokens.add(new Token.Span(slash));
            } else if (c == '*') {
                tokens.add(new Token.Many());
            } else if (c == '?') {
                tokens.add(new Token.Any());
            } else if (c == '[') {
                i = oneOf(in, i + 1);
            } else if (c == '\\') {
                if (++i >= in.length) {
                    throw invalid("ends with a backslash");
                }
                tokens.add(new Token.Literal(in[i]));
            } else {
                tokens.add(new Token.Literal(c));
            }
        }
    }

    /** Reads a class that begins behind its bracket; returns the index of the closing one. */
    private int oneOf(int[] in, int start) {
        int i = start;
        boolean negated = i < in.length && in[i] == '^';
        i += negated ? 1 : 0;
        List<int[]> ranges = new ArrayList<>();
        while (true) {
            if (i >= in.length) {
                throw invalid("a [ is not closed");
            }
            if (in[i] == ']' && !ranges.isEmpty()) {
                tokens.add(new Token.OneOf(ranges, negated));
                return i;
            }
            int[] low = member(in, i);
            i = low[1];
            int high = low[0];
            if (i < in.length && in[i] == '-') {
                int[] end = member(in, i + 1);
                high = end[0];
                i = end[1];
            }
            ranges.add(new int[] {low[0], high});
        }
    }

    /** A member of a class and the index behind it. */
    private int[] member(int[] in, int index) {
        int i = index;
        if (i >= in.length || in[i] == '-' || in[i] == ']') {
            throw invalid("a class is malformed");
        }
        if (in[i] == '\\' && ++i >= in.length) {
            throw invalid("ends with a backslash");
        }
        return new int[] {in[i], i + 1};
    }

    private FornoException invalid(String reason) {
        String shown = text.length() > 200 ? text.substring(0, 200) + "…" : text;
        return new FornoException(ErrorKind.INVALID_ARGUMENT, "syntax error in pattern \"" + shown + "\": " + reason);
    }
}
