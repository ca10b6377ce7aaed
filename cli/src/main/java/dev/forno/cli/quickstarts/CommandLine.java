package dev.forno.cli.quickstarts;

import dev.forno.cli.commands.Failure;
import java.util.List;

/** Runs commands of this program, as if they had been typed. */
@FunctionalInterface
public interface CommandLine {
    /** Runs a command; its output and errors are shown. The result is its exit code. */
    int run(List<String> words);

    /** Runs a command that must succeed. */
    default void require(List<String> words) {
        int code = run(words);
        if (code != 0) {
            throw new Failure(code, "quickstart stopped: forno " + String.join(" ", words) + " failed, see above");
        }
    }
}
