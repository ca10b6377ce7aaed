package dev.forno.runtime.monitors;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.cgroups.Cgroup;
import dev.forno.linux.processes.PidFd;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Processes of a creation that was cut off: nobody wrote down what was started. */
final class Leftovers {
    private static final int SIGKILL = 9;
    private static final int WAIT_SECONDS = 5;
    private static final int PASSES = 10;
    private static final int PAUSE_MILLIS = 20;

    private Leftovers() {}

    /** Kills the monitors that serve exactly this directory. */
    static void killMonitors(Path directory) {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            processes
                    .map(p -> String.valueOf(p.getFileName()))
                    .filter(name -> name.matches("[0-9]+"))
                    .map(Integer::parseInt)
                    .forEach(pid -> killIfServing(pid, "--bundle=" + directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Kills what is in the group and waits until it is gone: a group that has processes can't be removed. What forks while
     * it is killed is looked for again; a failure when processes are left in the end.
     */
    static void killAll(Cgroup cgroup) {
        repeat(
                () -> {
                    for (int pid : cgroup.processes()) {
                        kill(pid);
                    }
                    return cgroup.processes().isEmpty();
                },
                () -> "kill the processes of cgroup " + cgroup.path() + ": still there: " + cgroup.processes());
    }

    /** Removes the empty group from all hierarchies; a failure when the kernel still holds it in the end. */
    static void remove(Cgroup cgroup) {
        repeat(
                cgroup::remove,
                () -> "remove cgroup " + cgroup.path() + ": it is in use, with the processes " + cgroup.processes());
    }

    /** A step over the files of a group. */
    @FunctionalInterface
    private interface Step<T> {
        T run() throws IOException, InterruptedException;
    }

    /** Repeats a step until it says that nothing is left to do. */
    private static void repeat(Step<Boolean> step, Step<String> failure) {
        try {
            for (int pass = 0; pass < PASSES; pass++) {
                if (step.run()) {
                    return;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
            throw new FornoException(ErrorKind.INTERNAL, failure.run());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FornoException(ErrorKind.CANCELLED, "take a cgroup down: interrupted", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void kill(int pid) throws IOException, InterruptedException {
        try (PidFd process = PidFd.open(pid)) {
            process.signal(SIGKILL);
            process.ended().get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ErrnoException e) {
            // it has ended
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("process " + pid + " can't be killed", e);
        }
    }

    private static void killIfServing(int pid, String argument) {
        if (!arguments(pid).contains(argument)) {
            return;
        }
        try (PidFd process = PidFd.open(pid)) {
            // read again: now the descriptor keeps the id from meaning another process
            if (arguments(pid).contains(argument)) {
                process.signal(SIGKILL);
            }
        } catch (ErrnoException e) {
            // it has ended
        }
    }

    private static List<String> arguments(int pid) {
        try {
            return Arrays.asList(
                    Files.readString(Path.of("/proc/" + pid + "/cmdline")).split("\0"));
        } catch (IOException e) {
            return List.of();
        }
    }
}
