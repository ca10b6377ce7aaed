package dev.forno.cli.options;

import org.jspecify.annotations.Nullable;

/**
 * One option of a command.
 *
 * @param shortName the one-letter spelling, or null
 * @param name the long spelling without dashes
 * @param kind what its value is
 * @param help one line of explanation
 */
public record Option(@Nullable String shortName, String name, Kind kind, String help) {

    /** What an option's value is; the lower-case name is what the help prints. */
    public enum Kind {
        BOOL,
        STRING,
        LIST,
        MAP,
        INT,
        DECIMAL,
        BYTES,
        DURATION,
        FILTER,
        MOUNT,
        NETWORK,
        ULIMIT;

        /** Whether the option may be given several times and keeps every value. */
        boolean repeats() {
            return switch (this) {
                case LIST, MAP, FILTER, MOUNT, ULIMIT -> true;
                case BOOL, STRING, INT, DECIMAL, BYTES, DURATION, NETWORK -> false;
            };
        }
    }

    /**
     * Reads a declaration: {@code -a, --all | help} or {@code --name string | help}.
     *
     * @throws IllegalArgumentException when the line is not a declaration
     */
    static Option parse(String line) {
        int bar = line.indexOf(" | ");
        if (bar < 0) {
            throw new IllegalArgumentException("option declaration without help: " + line);
        }
        String spelling = line.substring(0, bar).strip();
        String shortName = null;
        if (spelling.charAt(0) == '-' && spelling.charAt(1) != '-') {
            shortName = spelling.substring(1, 2);
            spelling = spelling.substring(spelling.indexOf("--"));
        }
        int space = spelling.indexOf(' ');
        String name = spelling.substring(2, space < 0 ? spelling.length() : space);
        Kind kind = space < 0
                ? Kind.BOOL
                : Kind.valueOf(spelling.substring(space + 1).toUpperCase(java.util.Locale.ROOT));
        return new Option(shortName, name, kind, line.substring(bar + 3).strip());
    }

    /** The spelling in error messages: {@code -m, --memory}. */
    String spelling() {
        return shortName == null ? "--" + name : "-" + shortName + ", --" + name;
    }
}
