package dev.forno.cli.values;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Environment variables and labels from options and files. */
public final class Variables {
    private Variables() {}

    /**
     * The variables of files, then those of options. A name without a value takes this process' value, or is left out.
     *
     * @param environment looks a variable up
     * @throws IOException when a file cannot be read or holds a line that is no variable
     */
    public static List<String> environment(
            List<String> files, List<String> options, Function<String, @Nullable String> environment)
            throws IOException {
        List<String> variables = new ArrayList<>();
        for (String file : files) {
            for (String line : lines(file, "env file")) {
                add(variables, line, environment);
            }
        }
        for (String option : options) {
            if (option.startsWith("=") || option.isEmpty()) {
                throw new IllegalArgumentException("invalid environment variable: " + option);
            }
            add(variables, option, environment);
        }
        return variables;
    }

    private static void add(List<String> variables, String text, Function<String, @Nullable String> environment) {
        if (text.indexOf('=') >= 0) {
            variables.add(text);
            return;
        }
        String value = environment.apply(text);
        if (value != null) {
            variables.add(text + "=" + value);
        }
    }

    /** Labels of files, then of options; a name without a value has an empty one. */
    public static Map<String, String> labels(List<String> files, List<String> options) throws IOException {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String file : files) {
            lines(file, "label file").forEach(line -> pair(labels, line));
        }
        options.forEach(option -> pair(labels, option));
        return labels;
    }

    /** Pairs {@code key=value}; a key alone has an empty value. */
    public static Map<String, String> pairs(List<String> options) {
        Map<String, String> pairs = new LinkedHashMap<>();
        options.forEach(option -> pair(pairs, option));
        return pairs;
    }

    private static void pair(Map<String, String> pairs, String text) {
        int equals = text.indexOf('=');
        pairs.put(equals < 0 ? text : text.substring(0, equals), equals < 0 ? "" : text.substring(equals + 1));
    }

    private static List<String> lines(String file, String what) throws IOException {
        String text;
        try {
            text = Files.readString(Path.of(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new IOException("open " + file + ": no such file or directory", e);
        }
        List<String> lines = new ArrayList<>();
        for (String raw : (text.startsWith("\uFEFF") ? text.substring(1) : text).split("\r?\n")) {
            String line = raw.stripLeading();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            String name = equals < 0 ? line.strip() : line.substring(0, equals);
            if (name.isEmpty()) {
                throw new IOException("invalid " + what + " (" + file + "): no variable name on line '" + line + "'");
            }
            if (name.matches(".*\\s.*")) {
                throw new IOException(
                        "invalid " + what + " (" + file + "): variable '" + name + "' contains whitespaces");
            }
            lines.add(equals < 0 ? name : line);
        }
        return lines;
    }
}
