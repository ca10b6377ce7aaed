package dev.forno.runtime.monitors;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.processes.PidFd;
import dev.forno.linux.processes.ProcessIdentity;
import dev.forno.runtime.tasks.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the end of a held process: first the process itself, then its monitor, which has then written the exit file
 * and delivered all output.
 */
final class ExitWatch {
    /** The monitor was killed: nobody knows the code. Docker says the same of a lost process. */
    private static final int LOST = 137;

    private static final int SIGKILL = 9;
    private static final Executor VIRTUAL =
            task -> Thread.ofVirtual().name("exit").start(task);

    private final Path directory;
    private final Stdio stdio;

    ExitWatch(Path directory, Stdio stdio) {
        this.directory = directory;
        this.stdio = stdio;
    }

    /** The exit file's status, when it is written. */
    static Optional<ExitStatus> read(Path directory, boolean oomKilled) throws IOException {
        Path file = directory.resolve("exit");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        int code = Integer.parseInt(Files.readString(file).strip());
        Instant time = Files.getLastModifiedTime(file).toInstant();
        return Optional.of(new ExitStatus(code, time, oomKilled || Files.exists(directory.resolve("oom"))));
    }

    /**
     * Completes when the process has ended. Watches it with two descriptors until then.
     *
     * @param oomKilled asked at the end
     */
    CompletableFuture<ExitStatus> watch(ProcessIdentity process, ProcessIdentity monitor, BooleanSupplier oomKilled) {
        CompletableFuture<@Nullable Void> monitorGone = ended(monitor).thenRunAsync(() -> killUnheld(process), VIRTUAL);
        return ended(process)
                .thenRun(stdio::unbound)
                .thenCompose(gone -> monitorGone)
                .thenComposeAsync(gone -> stdio.drained(), VIRTUAL)
                .thenApplyAsync(drained -> status(oomKilled), VIRTUAL);
    }

    private ExitStatus status(BooleanSupplier oomKilled) {
        try {
            return read(directory, oomKilled.getAsBoolean())
                    .orElseGet(() -> new ExitStatus(LOST, Instant.now(), false));
        } catch (IOException | NumberFormatException e) {
            // the directory was removed under us: the task is being deleted
            return new ExitStatus(LOST, Instant.now(), false);
        }
    }

    /** A monitor ends after its process; one that was killed leaves a process that nobody can supervise any more. */
    private static void killUnheld(ProcessIdentity process) {
        try (PidFd left = PidFd.open(process)) {
            left.signal(SIGKILL);
        } catch (ErrnoException e) {
            // it has ended, as it should
        }
    }

    private static CompletableFuture<@Nullable Void> ended(ProcessIdentity process) {
        try {
            PidFd fd = PidFd.open(process);
            return fd.ended().whenComplete((ended, failure) -> fd.close());
        } catch (ErrnoException e) {
            return CompletableFuture.completedFuture(null);
        }
    }
}
