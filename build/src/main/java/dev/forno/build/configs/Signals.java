package dev.forno.build.configs;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.Locale;
import java.util.Set;

/** Signals of STOPSIGNAL. */
final class Signals {
    private static final Set<String> NAMES = Set.of(
            "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE",
            "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU",
            "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ", "RTMIN", "RTMAX");

    private Signals() {}

    static String check(String signal) {
        String name = signal.toUpperCase(Locale.ROOT);
        name = name.startsWith("SIG") ? name.substring(3) : name;
        boolean number = signal.matches("[1-9][0-9]?") && Integer.parseInt(signal) <= 64;
        boolean realTime = name.matches("RTMIN\\+([1-9]|1[0-5])|RTMAX-([1-9]|1[0-4])");
        if (!number && !realTime && !NAMES.contains(name)) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "invalid signal: " + signal);
        }
        return signal;
    }
}
