package dev.forno.engine.containers;

import io.avaje.jsonb.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The changing part of a container.
 *
 * @param pid the first process as the host sees it, 0 when there is none
 * @param exitCode of the last run, 0 before it
 * @param error why the last start failed, or empty
 * @param startedAt of the last run, null when never started
 * @param finishedAt of the last run, null when never ended
 */
@Json
public record ContainerState(
        ContainerStatus status,
        int pid,
        int exitCode,
        String error,
        boolean oomKilled,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {
    /** A container that was never started. */
    public static final ContainerState NEW = new ContainerState(ContainerStatus.CREATED, 0, 0, "", false, null, null);
}
