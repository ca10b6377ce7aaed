package dev.forno.engine.containers;

import dev.forno.oci.ErrorKind;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Containers as processes. Thread-safe; {@code ref} as in {@link Containers}. */
public interface Tasks {
    /**
     * Starts a container and returns when its process runs. Throws {@link ErrorKind#NOT_MODIFIED} when it runs already,
     * {@link ErrorKind#INVALID_ARGUMENT} when the command can't be executed (the state then has exit code 126 or 127).
     */
    void start(String ref);

    /** Sends the stop signal, waits, then kills; throws {@link ErrorKind#NOT_MODIFIED} when it does not run. */
    void stop(String ref, StopOptions options);

    /** Stops it when it runs, then starts it. */
    void restart(String ref, StopOptions options);

    /** Sends a signal by name or number, null for SIGKILL; throws {@link ErrorKind#CONFLICT} when it does not run. */
    void kill(String ref, @Nullable String signal);

    /** Freezes all processes. */
    void pause(String ref);

    /** Lets frozen processes go on. */
    void unpause(String ref);

    /**
     * Completes when the condition holds. The returned future is registered when this returns, so a start that follows is
     * not missed; cancelling it gives up waiting. Fails with {@link ErrorKind#NOT_FOUND} never: a removal completes it.
     */
    CompletableFuture<Exit> await(String ref, WaitCondition condition);

    /** What to wait for. */
    enum WaitCondition {
        /** No process now: completes at once for a container that does not run. */
        NOT_RUNNING,
        /** The end of this or the next run. */
        NEXT_EXIT,
        /** The container's removal. */
        REMOVED
    }

    /**
     * How a run ended.
     *
     * @param error why there is no real exit code (a start that failed, a removal that failed), or empty
     */
    record Exit(int code, String error) {}

    /**
     * How to stop.
     *
     * @param signal name or number, null for the container's
     * @param timeoutSeconds null for the container's, negative for no limit
     */
    record StopOptions(@Nullable String signal, @Nullable Integer timeoutSeconds) {
        /** As the container says. */
        public static final StopOptions DEFAULTS = new StopOptions(null, null);
    }
}
