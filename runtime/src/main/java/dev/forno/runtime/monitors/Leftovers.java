package dev.forno.runtime.monitors;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.cgroups.Cgroup;
import dev.forno.linux.processes.PidFd;
import java.io.IOException;
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
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Kills what is in the group and waits until it is gone: a group that has processes can't be removed. */
    static void killAll(Cgroup cgroup) {
        try {
            for (int pid : cgroup.processes()) {
                try (PidFd process = PidFd.open(pid)) {
                    process.signal(SIGKILL);
                    process.ended().get(WAIT_SECONDS, TimeUnit.SECONDS);
                } catch (ErrnoException e) {
                    // it has ended
                } catch (ExecutionException | TimeoutException e) {
                    throw new IOException("process " + pid + " can't be killed", e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
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
