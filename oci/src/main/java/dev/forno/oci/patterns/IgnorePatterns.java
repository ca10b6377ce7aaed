package dev.forno.oci.patterns;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The patterns of a {@code .dockerignore} file (Docker's "Build context", ".dockerignore files"): later lines win, {@code !}
 * makes exceptions, and what is below an excluded directory is excluded too. Immutable.
 */
public final class IgnorePatterns {
    /** Excludes nothing. */
    public static final IgnorePatterns NONE = new IgnorePatterns(List.of());

    private static final int MAX_PATTERNS = 10_000;

    /** {@code names}: the pattern of each name, up to the first that spans names. */
    private record Rule(PathPattern pattern, boolean exception, List<PathPattern> names) {
        boolean mayMatchBelow(String[] directory) {
            for (int i = 0; i < Math.min(directory.length, names.size()); i++) {
                if (!names.get(i).matches(directory[i])) {
                    return false;
                }
            }
            return true;
        }
    }

    private final List<Rule> rules;

    private IgnorePatterns(List<Rule> rules) {
        this.rules = rules;
    }

    /** Reads a {@code .dockerignore} file; throws {@link ErrorKind#INVALID_ARGUMENT} for a malformed pattern. */
    public static IgnorePatterns parse(String file) {
        List<String> lines = new ArrayList<>();
        String text = file.startsWith("\uFEFF") ? file.substring(1) : file;
        text.lines().filter(line -> !line.startsWith("#")).forEach(lines::add);
        return of(lines);
    }

    /** Patterns as lines of the file, without comments; throws {@link ErrorKind#INVALID_ARGUMENT}. */
    public static IgnorePatterns of(List<String> patterns) {
        if (patterns.size() > MAX_PATTERNS) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "read .dockerignore: " + patterns.size() + " patterns, the limit is " + MAX_PATTERNS);
        }
        List<Rule> rules = new ArrayList<>();
        for (String pattern : patterns) {
            String text = pattern.strip();
            boolean exception = text.startsWith("!");
            String path = clean(exception ? text.substring(1).strip() : text);
            if (!path.isEmpty()) {
                rules.add(new Rule(PathPattern.ofIgnoreFile(path), exception, names(path)));
            }
        }
        return new IgnorePatterns(List.copyOf(rules));
    }

    /** Whether the path, relative and slash-separated, is left out. */
    public boolean excludes(String path) {
        boolean excluded = false;
        for (Rule rule : rules) {
            if (rule.exception() == excluded && matchesPathOrParent(rule.pattern(), path)) {
                excluded = !rule.exception();
            }
        }
        return excluded;
    }

    /** Whether an exception may bring back something below an excluded directory, so that it has to be walked. */
    public boolean mayIncludeBelow(String directory) {
        String[] names = directory.split("/");
        return rules.stream().anyMatch(rule -> rule.exception() && rule.mayMatchBelow(names));
    }

    private static List<PathPattern> names(String pattern) {
        List<PathPattern> names = new ArrayList<>();
        for (String name : pattern.split("/")) {
            if (name.contains("**") || name.contains("[")) {
                break; // a class may hold the slash at which the pattern was split
            }
            names.add(PathPattern.of(name));
        }
        return List.copyOf(names);
    }

    private static boolean matchesPathOrParent(PathPattern pattern, String path) {
        if (pattern.matches(path)) {
            return true;
        }
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (pattern.matches(path.substring(0, slash))) {
                return true;
            }
        }
        return false;
    }

    /** Resolves {@code .}, {@code ..} and double slashes as text; empty for the context itself. */
    private static String clean(String pattern) {
        Deque<String> names = new ArrayDeque<>();
        for (String name : pattern.split("/")) {
            if (name.equals("..")) {
                names.pollLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.addLast(name);
            }
        }
        return String.join("/", names);
    }
}
