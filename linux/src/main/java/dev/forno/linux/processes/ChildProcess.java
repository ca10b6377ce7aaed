package dev.forno.linux.processes;

import dev.forno.linux.ErrnoException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A program that this process started. It is reaped as soon as it ends. Thread-safe. */
public final class ChildProcess {
    private final PidFd process;
    private final CompletableFuture<Integer> exit;

    private ChildProcess(PidFd process) throws ErrnoException {
        this.process = process;
        this.exit = process.ended().thenApply(ended -> reap());
    }

    /** Watches a child that nobody has reaped yet: until then its id can't be reused. */
    static ChildProcess watch(int pid) throws ErrnoException {
        return new ChildProcess(PidFd.open(pid));
    }

    /** The process id. */
    public int pid() {
        return process.pid();
    }

    /** Sends a signal; {@link ErrnoException#ESRCH} when it has ended. */
    public void signal(int signal) throws ErrnoException {
        process.signal(signal);
    }

    /**
     * Completes with the exit code, 128 + signal when a signal ended it. What depends on it directly runs on the poller's
     * thread and must not block.
     */
    public CompletableFuture<Integer> exited() {
        return exit;
    }

    private int reap() {
        try (process) {
            return process.reap().orElseThrow();
        } catch (ErrnoException e) {
            throw new CompletionException(e);
        }
    }
}
