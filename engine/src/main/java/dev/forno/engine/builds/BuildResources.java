package dev.forno.engine.builds;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Limits for the containers of RUN steps; zero and null mean none.
 *
 * @param memory bytes of memory
 * @param memorySwap bytes of memory and swap together, -1 for unlimited swap
 * @param cpuShares relative weight
 * @param cpuPeriod microseconds
 * @param cpuQuota microseconds in each period
 * @param cpusetCpus processors, as {@code 0-2,4}
 * @param cpusetMems memory nodes, as {@code 0-2,4}
 * @param shmSize bytes of /dev/shm
 * @param ulimits each {@code name=soft[:hard]}
 * @param cgroupParent the parent cgroup's path
 */
public record BuildResources(
        long memory,
        long memorySwap,
        long cpuShares,
        long cpuPeriod,
        long cpuQuota,
        @Nullable String cpusetCpus,
        @Nullable String cpusetMems,
        long shmSize,
        List<String> ulimits,
        @Nullable String cgroupParent) {

    /** No limits. */
    public static final BuildResources UNLIMITED = new BuildResources(0, 0, 0, 0, 0, null, null, 0, List.of(), null);

    /** Copies the list. */
    public BuildResources {
        ulimits = List.copyOf(ulimits);
    }
}
