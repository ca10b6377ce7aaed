package dev.forno.engine.containers;

import dev.forno.oci.ErrorKind;
import java.util.List;
import java.util.Locale;

/** Signals by name or number (signal(7), as x86 and ARM number them). */
final class UserSignals {
    static final int KILL = 9;
    static final int TERM = 15;
    private static final int MAX = 64;
    private static final int RTMIN = 34;

    private static final List<String> NAMES = List.of(
            "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
            "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM",
            "PROF", "WINCH", "IO", "PWR", "SYS");

    private UserSignals() {}

    /** The number; throws {@link ErrorKind#INVALID_ARGUMENT} with Docker's text. */
    static int parse(String text) {
        if (text.matches("\\d{1,3}")) {
            int number = Integer.parseInt(text);
            if (number > 0 && number <= MAX) {
                return number;
            }
            throw invalid(text);
        }
        String upper = text.toUpperCase(Locale.ROOT);
        String name = upper.startsWith("SIG") ? upper.substring(3) : upper;
        int number = name.isEmpty() ? -1 : NAMES.indexOf(name);
        if (number > 0) {
            return number;
        }
        return switch (name) {
            case "IOT" -> 6;
            case "CLD" -> 17;
            case "POLL" -> 29;
            case "RTMIN" -> RTMIN;
            case "RTMAX" -> MAX;
            default -> realTime(name, text);
        };
    }

    /** The stop signal of a container, SIGTERM when it has none. */
    static int stop(String text) {
        return text.isEmpty() ? TERM : parse(text);
    }

    static void checkStop(String text) {
        stop(text);
    }

    private static int realTime(String name, String text) {
        if (name.matches("RTMIN\\+\\d{1,2}")) {
            int number = RTMIN + Integer.parseInt(name.substring("RTMIN+".length()));
            if (number <= MAX) {
                return number;
            }
        }
        if (name.matches("RTMAX-\\d{1,2}")) {
            int number = MAX - Integer.parseInt(name.substring("RTMAX-".length()));
            if (number >= RTMIN) {
                return number;
            }
        }
        throw invalid(text);
    }

    private static RuntimeException invalid(String text) {
        return OptionChecks.invalid("Invalid signal: " + text);
    }
}
