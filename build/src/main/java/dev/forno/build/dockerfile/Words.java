package dev.forno.build.dockerfile;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Expands the words of instructions: quotes, escapes and variables (Dockerfile reference, "Environment replacement").
 * Immutable.
 */
public final class Words {
    /** The longest result, in characters. */
    public static final int MAX_LENGTH = 8 << 20;

    /** Values of variables. */
    @FunctionalInterface
    public interface Variables {
        /** The variable's value, or null when it is not set. */
        @Nullable
        String get(String name);
    }

    private final char escape;
    private final Variables variables;

    /** Words of a file with that escape character, with variables of {@code variables}. */
    public Words(char escape, Variables variables) {
        this.escape = escape;
        this.variables = variables;
    }

    /** The word with quotes and escapes removed and variables replaced; throws {@link ErrorKind#INVALID_ARGUMENT}. */
    public String expand(String word) {
        return scan(word, true).text();
    }

    /** As {@link #expand}, then split at the blanks that were not quoted. */
    public List<String> expandAll(String words) {
        return scan(words, true).words();
    }

    /** The rule for the content of heredocs: variables and backslash escapes as in a word, but quotes are text. */
    public String expandText(String text) {
        return new Words('\\', variables).scan(text, false).text();
    }

    private Scanner scan(String word, boolean quotes) {
        Scanner scanner = new Scanner(word, quotes);
        try {
            scanner.until((char) 0, false);
        } catch (FornoException e) {
            String shown = word.length() > 200 ? word.substring(0, 200) + "…" : word;
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT, "failed to process \"" + shown + "\": " + e.getMessage(), e);
        }
        return scanner;
    }

    private static FornoException error(String reason) {
        return new FornoException(ErrorKind.INVALID_ARGUMENT, reason);
    }

    /** One pass over one text. */
    private final class Scanner {
        private static final int MAX_DEPTH = 100;

        private final String in;
        private final boolean quotes;
        private int at;
        private int depth;
        private String result = "";
        private final List<String> split = new ArrayList<>();

        Scanner(String in, boolean quotes) {
            this.in = in;
            this.quotes = quotes;
        }

        String text() {
            return result;
        }

        List<String> words() {
            return List.copyOf(split);
        }

        /** Expands up to {@code end} (0: the end of the text), which is passed; leaves text and words of this level. */
        void until(char end, boolean keepEscapes) {
            if (++depth > MAX_DEPTH) {
                throw error("syntax error: nested deeper than " + MAX_DEPTH + " levels");
            }
            StringBuilder out = new StringBuilder();
            split.clear();
            List<String> words = new ArrayList<>();
            StringBuilder word = new StringBuilder();
            boolean closed = false;
            while (at < in.length() && !closed) {
                char c = in.charAt(at);
                if (end != 0 && c == end) {
                    at++;
                    closed = true;
                } else if (c == '$') {
                    String value = dollar();
                    out.append(value);
                    value.chars().forEach(v -> addSplitting((char) v, word, words));
                } else if (quotes && (c == '\'' || c == '"')) {
                    String value = c == '"' ? doubleQuoted(keepEscapes) : singleQuoted();
                    out.append(value);
                    word.append(value);
                } else if (c == escape) {
                    escaped(keepEscapes, out, word);
                } else {
                    at++;
                    out.append(c);
                    addSplitting(c, word, words);
                }
                bound(out);
            }
            if (end != 0 && !closed) {
                throw error(end == '}' ? "syntax error: missing '}'" : "syntax error: missing '" + end + "' in ${}");
            }
            if (!word.isEmpty()) {
                words.add(word.toString());
            }
            depth--;
            result = out.toString();
            split.clear();
            split.addAll(words);
        }

        private void escaped(boolean keepEscapes, StringBuilder out, StringBuilder word) {
            at++;
            if (keepEscapes) {
                out.append(escape);
                word.append(escape);
            }
            if (at < in.length()) {
                out.append(in.charAt(at));
                word.append(in.charAt(at));
                at++;
            }
        }

        private String singleQuoted() {
            int close = in.indexOf('\'', at + 1);
            if (close < 0) {
                throw error("unexpected end of statement while looking for matching single-quote");
            }
            String value = in.substring(at + 1, close);
            at = close + 1;
            return value;
        }

        private String doubleQuoted(boolean keepEscapes) {
            StringBuilder out = new StringBuilder();
            at++;
            while (at < in.length()) {
                char c = in.charAt(at);
                if (c == '"') {
                    at++;
                    return out.toString();
                }
                if (c == '$') {
                    out.append(dollar());
                    bound(out);
                    continue;
                }
                at++;
                if (c == escape) {
                    if (keepEscapes) {
                        out.append(c);
                    }
                    if (at >= in.length()) {
                        break;
                    }
                    char next = in.charAt(at);
                    if (next == '"' || next == '$' || next == escape) {
                        c = next;
                        at++;
                    }
                }
                out.append(c);
            }
            throw error("unexpected end of statement while looking for matching double-quote");
        }

        private String dollar() {
            at++;
            if (at >= in.length() || in.charAt(at) != '{') {
                String name = name();
                return name.isEmpty() ? "$" : valueOf(name);
            }
            at++;
            if (at >= in.length()) {
                throw error("syntax error: missing '}'");
            }
            if ("{}:".indexOf(in.charAt(at)) >= 0) {
                throw error("syntax error: bad substitution");
            }
            String name = name();
            if (at >= in.length()) {
                throw error("syntax error: missing '}'");
            }
            char operator = in.charAt(at++);
            return switch (operator) {
                case '}' -> valueOf(name);
                case ':' -> {
                    if (at >= in.length()) {
                        throw error("syntax error: missing '}'");
                    }
                    char second = in.charAt(at++);
                    if ("+-?".indexOf(second) < 0) {
                        throw error("unsupported modifier (:" + second + ") in substitution");
                    }
                    yield conditional(name, second, true);
                }
                case '+', '-', '?' -> conditional(name, operator, false);
                case '#', '%' -> trimmed(name, operator);
                case '/' -> replaced(name);
                default -> throw error("unsupported modifier (" + operator + ") in substitution");
            };
        }

        private String conditional(String name, char operator, boolean emptyIsUnset) {
            String word = nested('}', false);
            String value = variables.get(name);
            boolean set = value != null && !(emptyIsUnset && value.isEmpty());
            String known = value == null ? "" : value;
            return switch (operator) {
                case '-' -> set ? known : word;
                case '+' -> set ? word : "";
                default -> {
                    if (!set) {
                        String what = value == null ? "is not allowed to be unset" : "is not allowed to be empty";
                        throw error(name + ": " + (word.isEmpty() ? what : word));
                    }
                    yield known;
                }
            };
        }

        private String trimmed(String name, char operator) {
            String pattern = nested('}', true);
            boolean longest = !pattern.isEmpty() && pattern.charAt(0) == operator;
            Glob glob = Glob.of(longest ? pattern.substring(1) : pattern);
            String value = valueOf(name);
            return operator == '#' ? glob.withoutPrefix(value, longest) : glob.withoutSuffix(value, longest);
        }

        private String replaced(String name) {
            boolean all = at < in.length() && in.charAt(at) == '/';
            if (all) {
                at++;
            }
            Glob glob = Glob.of(nested('/', true));
            String replacement = nested('}', false);
            return glob.replace(valueOf(name), replacement, all);
        }

        private String nested(char end, boolean keepEscapes) {
            until(end, keepEscapes);
            return result;
        }

        private String valueOf(String name) {
            String value = variables.get(name);
            return value == null ? "" : value;
        }

        /** A name, a positional parameter or a special parameter. */
        private String name() {
            int start = at;
            if (at < in.length() && "@*#?-$!".indexOf(in.charAt(at)) >= 0) {
                return in.substring(start, ++at);
            }
            boolean digits = at < in.length() && Character.isDigit(in.charAt(at));
            while (at < in.length()
                    && (digits
                            ? Character.isDigit(in.charAt(at))
                            : Character.isLetterOrDigit(in.charAt(at)) || in.charAt(at) == '_')) {
                at++;
            }
            return in.substring(start, at);
        }

        private static void addSplitting(char c, StringBuilder word, List<String> words) {
            if (!Character.isWhitespace(c)) {
                word.append(c);
            } else if (!word.isEmpty()) {
                words.add(word.toString());
                word.setLength(0);
            }
        }

        private static void bound(StringBuilder out) {
            if (out.length() > MAX_LENGTH) {
                throw error("the expanded text is longer than " + MAX_LENGTH + " characters");
            }
        }
    }
}
