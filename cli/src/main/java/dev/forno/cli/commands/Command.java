package dev.forno.cli.commands;

import dev.forno.cli.options.Arguments;
import dev.forno.cli.options.OptionTable;
import java.io.IOException;

/**
 * A command: how it is called and what it does.
 *
 * @param operands what follows its name in the usage line
 * @param summary one line of explanation
 * @param minimum the fewest operands
 * @param maximum the most operands
 * @param options its options, one declaration a line
 * @param action what it does
 */
public record Command(String operands, String summary, int minimum, int maximum, String options, Action action) {
    /** No upper bound of operands. */
    public static final int ANY = Integer.MAX_VALUE;

    /** What a command does; the result is the exit code. */
    @FunctionalInterface
    public interface Action {
        /** Runs the command. */
        int run(Session session, Arguments arguments) throws IOException, InterruptedException;
    }

    /** The options, parsed. */
    public OptionTable table() {
        return OptionTable.parse(options);
    }

    /** Whether options may follow operands; not where the rest belongs to another program. */
    public boolean interspersed() {
        return !operands.endsWith("[ARG...]") && !operands.endsWith("[ps OPTIONS]");
    }

    /** The complaint about a number of operands, empty when it fits. */
    public String arityProblem(int count) {
        if (count >= minimum && count <= maximum) {
            return "";
        }
        if (maximum == 0) {
            return "accepts no arguments";
        }
        if (minimum == maximum) {
            return "requires " + plural(minimum);
        }
        return count < minimum ? "requires at least " + plural(minimum) : "requires at most " + plural(maximum);
    }

    private static String plural(int count) {
        return count + (count == 1 ? " argument" : " arguments");
    }
}
