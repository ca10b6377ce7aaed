package dev.forno.cli.options;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The options that a command accepts, declared as lines of text; sorted by name. */
public final class OptionTable {
    private static final int HELP_WIDTH = 80;

    private final List<Option> options;

    private OptionTable(List<Option> options) {
        this.options = options;
    }

    /** Reads one declaration a line; empty lines are skipped. */
    public static OptionTable parse(String declarations) {
        List<Option> options = new ArrayList<>();
        for (String line : declarations.split("\n")) {
            if (!line.isBlank()) {
                options.add(Option.parse(line));
            }
        }
        return new OptionTable(Collections.unmodifiableList(options));
    }

    /** The options in the order of their declaration. */
    public List<Option> options() {
        return options;
    }

    @Nullable
    Option byName(String name) {
        for (Option option : options) {
            if (option.name().equals(name)) {
                return option;
            }
        }
        return null;
    }

    @Nullable
    Option byShortName(String letter) {
        for (Option option : options) {
            if (letter.equals(option.shortName())) {
                return option;
            }
        }
        return null;
    }

    /** The options as the help shows them: two columns, wrapped. */
    public String help() {
        int width = 0;
        for (Option option : options) {
            width = Math.max(width, left(option).length());
        }
        StringBuilder text = new StringBuilder();
        for (Option option : options) {
            text.append(pad(left(option), width + 3));
            int column = width + 3;
            for (String word : option.help().split(" ")) {
                if (column + word.length() > HELP_WIDTH && column > width + 3) {
                    text.setLength(text.length() - 1);
                    text.append('\n').append(" ".repeat(width + 3));
                    column = width + 3;
                }
                text.append(word).append(' ');
                column += word.length() + 1;
            }
            text.setLength(text.length() - 1);
            text.append('\n');
        }
        return text.toString();
    }

    private static String left(Option option) {
        String start = option.shortName() == null ? "      --" : "  -" + option.shortName() + ", --";
        String kind = option.kind() == Option.Kind.BOOL
                ? ""
                : " " + option.kind().name().toLowerCase(Locale.ROOT);
        return start + option.name() + kind;
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
