package dev.forno.engine.containers;

import dev.forno.engine.containers.Execs.Exec;
import dev.forno.engine.containers.Execs.ExecRequest;
import dev.forno.runtime.tasks.ExecTask;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One further process in memory. Its fields change under its own monitor. */
final class ExecEntry {
    final String id;
    final ContainerEntry container;
    final ExecRequest request;
    /** Completes when the exit code can be asked for. */
    final CompletableFuture<Integer> end = new CompletableFuture<>();

    private boolean started;
    private @Nullable ExecTask task;
    private @Nullable Integer exitCode;
    private @Nullable Instant endedAt;

    ExecEntry(String id, ContainerEntry container, ExecRequest request) {
        this.id = id;
        this.container = container;
        this.request = request;
    }

    /** Claims the one start; false when it was claimed before. */
    synchronized boolean claimStart() {
        if (started) {
            return false;
        }
        started = true;
        return true;
    }

    synchronized void running(ExecTask newTask) {
        task = newTask;
    }

    synchronized void ended(int code, Instant when) {
        task = null;
        exitCode = code;
        endedAt = when;
        end.complete(code);
    }

    synchronized @Nullable ExecTask task() {
        return task;
    }

    synchronized boolean endedBefore(Instant moment) {
        return endedAt != null && endedAt.isBefore(moment);
    }

    synchronized Exec snapshot() {
        ExecTask live = task;
        return new Exec(
                id,
                container.id(),
                request,
                live != null,
                live == null ? 0 : live.pid(),
                live == null ? exitCode : null);
    }
}
