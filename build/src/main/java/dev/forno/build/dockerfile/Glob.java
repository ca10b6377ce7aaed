package dev.forno.build.dockerfile;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.Arrays;

/**
 * A shell pattern of {@code ?}, {@code *} and literals, matched in time proportional to text times pattern whatever the
 * pattern is.
 */
final class Glob {
    private static final int ANY = -1;
    private static final int MANY = -2;

    private final int[] tokens;

    private Glob(int[] tokens) {
        this.tokens = tokens;
    }

    static Glob of(String pattern) {
        int[] tokens = new int[pattern.length()];
        int count = 0;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\' && i + 1 < pattern.length()) {
                char literal = pattern.charAt(++i);
                if ("*?\\}/".indexOf(literal) < 0) {
                    throw invalid(pattern, "invalid escape '\\" + literal + "'");
                }
                tokens[count++] = literal;
            } else if (c == '\\') {
                throw invalid(pattern, "trailing \\");
            } else {
                tokens[count++] = c == '*' ? MANY : c == '?' ? ANY : c;
            }
        }
        return new Glob(Arrays.copyOf(tokens, count));
    }

    String withoutPrefix(String value, boolean longest) {
        int end = match(value, 0, longest);
        return end < 0 ? value : value.substring(end);
    }

    String withoutSuffix(String value, boolean longest) {
        int[] backwards = new int[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            backwards[i] = tokens[tokens.length - 1 - i];
        }
        String reversed = new StringBuilder(value).reverse().toString();
        int end = new Glob(backwards).match(reversed, 0, longest);
        return end < 0 ? value : value.substring(0, value.length() - end);
    }

    /** Replaces the leftmost longest match, or all matches from left to right. */
    String replace(String value, String replacement, boolean all) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at <= value.length()) {
            int end = match(value, at, true);
            if (end >= 0) {
                out.append(replacement);
                if (out.length() > Words.MAX_LENGTH) {
                    throw invalid("", "the result is too long");
                }
                if (!all) {
                    return out.append(value, end, value.length()).toString();
                }
            }
            if (end > at) {
                at = end;
                if (at == value.length()) {
                    break;
                }
            } else {
                if (at < value.length()) {
                    out.append(value.charAt(at));
                }
                at++;
            }
        }
        return out.toString();
    }

    /** The end of the shortest or longest match that begins at {@code start}, -1 for none. */
    private int match(String value, int start, boolean longest) {
        boolean[] states = new boolean[tokens.length + 1];
        states[0] = true;
        skipMany(states);
        int end = states[tokens.length] ? start : -1;
        for (int i = start; i < value.length() && (end < 0 || longest); i++) {
            boolean alive = false;
            boolean[] next = new boolean[tokens.length + 1];
            for (int s = 0; s < tokens.length; s++) {
                if (states[s]) {
                    int token = tokens[s];
                    int to = token == MANY ? s : token == ANY || token == value.charAt(i) ? s + 1 : -1;
                    if (to >= 0) {
                        next[to] = true;
                        alive = true;
                    }
                }
            }
            skipMany(next);
            states = next;
            if (states[tokens.length]) {
                end = i + 1;
            }
            if (!alive) {
                break;
            }
        }
        return end;
    }

    private void skipMany(boolean[] states) {
        for (int s = 0; s < tokens.length; s++) {
            if (states[s] && tokens[s] == MANY) {
                states[s + 1] = true;
            }
        }
    }

    private static FornoException invalid(String pattern, String reason) {
        return new FornoException(
                ErrorKind.INVALID_ARGUMENT, "invalid pattern (" + pattern + ") in substitution: " + reason);
    }
}
