package dev.forno.runtime.tasks;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Limits of a task; null is unlimited (in an update: unchanged).
 *
 * @param memory bytes
 * @param memorySwap bytes of memory and swap together, -1 for unlimited swap
 * @param memoryReservation bytes, soft
 * @param memorySwappiness 0 to 100, cgroup v1 only
 * @param oomKillDisable cgroup v1 only
 * @param cpuShares relative weight, 1024 is usual
 * @param cpuQuota microseconds per period
 * @param cpuPeriod microseconds
 * @param cpusetCpus as {@code 0-3,5}
 * @param cpusetMems memory nodes, likewise
 * @param pids number of processes and threads, -1 for unlimited
 * @param blkioWeight 10 to 1000
 * @param throttles limits of block devices
 */
public record Resources(
        @Nullable Long memory,
        @Nullable Long memorySwap,
        @Nullable Long memoryReservation,
        @Nullable Long memorySwappiness,
        @Nullable Boolean oomKillDisable,
        @Nullable Long cpuShares,
        @Nullable Long cpuQuota,
        @Nullable Long cpuPeriod,
        @Nullable String cpusetCpus,
        @Nullable String cpusetMems,
        @Nullable Long pids,
        @Nullable Integer blkioWeight,
        List<Throttle> throttles) {

    /** No limit at all. */
    public static final Resources UNLIMITED =
            new Resources(null, null, null, null, null, null, null, null, null, null, null, null, List.of());

    /** What a throttle counts. */
    public enum ThrottleKind {
        READ_BYTES,
        WRITE_BYTES,
        READ_OPERATIONS,
        WRITE_OPERATIONS
    }

    /**
     * A limit of one block device.
     *
     * @param rate per second
     */
    public record Throttle(ThrottleKind kind, Path device, long rate) {}
}
