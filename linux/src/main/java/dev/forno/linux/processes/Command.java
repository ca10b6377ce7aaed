package dev.forno.linux.processes;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** Runs short programs to their end. Their output goes to memory files, so no thread has to pump it. */
public final class Command {
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
        try (CapturedOutput output = CapturedOutput.open();
                CapturedOutput errors = CapturedOutput.open()) {
            ChildProcess child = Spawn.start(
                    command, environment, Path.of("/"), Map.of(1, output.descriptor(), 2, errors.descriptor()));
            return new Result(await(child), output.text(), errors.text());
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
}
