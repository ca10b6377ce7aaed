package dev.forno.linux.processes;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.calls.Descriptors;
import dev.forno.linux.calls.Syscall;
import dev.forno.linux.calls.SyscallNumber;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** Runs short programs to their end. Their output goes to memory files, so no thread has to pump it. */
public final class Command {
    private static final int MFD_CLOEXEC = 1;
    private static final int SIGKILL = 9;

    private Command() {}

    /**
     * How a program ended and what it wrote.
     *
     * @param exitCode 128 + signal when a signal ended it
     */
    public record Result(int exitCode, String output, String errors) {}

    /**
     * Runs a program and waits. Interrupting the calling thread kills it.
     *
     * @param command the program's path with its arguments
     * @param environment {@code NAME=value}
     */
    public static Result run(List<String> command, List<String> environment) throws IOException, InterruptedException {
        int output = memoryFile();
        try {
            int errors = memoryFile();
            try {
                ChildProcess child = Spawn.start(command, environment, Path.of("/"), Map.of(1, output, 2, errors));
                return new Result(await(child), read(output), read(errors));
            } finally {
                Descriptors.close(errors);
            }
        } finally {
            Descriptors.close(output);
        }
    }

    private static int await(ChildProcess child) throws IOException, InterruptedException {
        try {
            return child.exited().get();
        } catch (InterruptedException e) {
            child.signal(SIGKILL);
            throw e;
        } catch (ExecutionException e) {
            throw new IOException("wait for process " + child.pid() + ": " + e.getMessage(), e);
        }
    }

    private static int memoryFile() throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            return (int) Syscall.check(
                    Syscall.raw(
                            SyscallNumber.MEMFD_CREATE,
                            Syscall.text(arena, "output").address(),
                            MFD_CLOEXEC,
                            0),
                    () -> "memfd_create(\"output\")");
        }
    }

    private static String read(int fd) throws IOException {
        return new String(Files.readAllBytes(Path.of("/proc/self/fd/" + fd)), StandardCharsets.UTF_8);
    }
}
