package dev.forno.linux.processes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process for longer than its id lasts: ids are reused, the pair with the start time is not.
 *
 * @param pid the process id
 * @param startTime clock ticks after boot at which it started
 */
public record ProcessIdentity(int pid, long startTime) {
    private static final int STATE = 0;
    private static final int START_TIME = 19;

    /** The process that has the id now; empty when there is none, or only one that has ended and waits to be reaped. */
    public static Optional<ProcessIdentity> of(int pid) {
        return stat(pid).filter(s -> !isDead(s)).map(s -> new ProcessIdentity(pid, Long.parseLong(s[START_TIME])));
    }

    /** Whether the process still runs. */
    public boolean isAlive() {
        return stat(pid)
                .filter(s -> !isDead(s) && Long.parseLong(s[START_TIME]) == startTime)
                .isPresent();
    }

    private static boolean isDead(String[] stat) {
        return stat[STATE].equals("Z") || stat[STATE].equals("X");
    }

    /** The fields after the command name, which may hold anything (proc_pid_stat(5)). */
    private static Optional<String[]> stat(int pid) {
        try {
            String text =
                    Files.readString(Path.of("/proc/" + pid + "/stat"), java.nio.charset.StandardCharsets.ISO_8859_1);
            return Optional.of(text.substring(text.lastIndexOf(')') + 2).split(" "));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
