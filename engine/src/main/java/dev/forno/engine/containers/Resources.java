package dev.forno.engine.containers;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Limits of a container. 0, empty and null mean "not set"; in an update they mean "unchanged".
 *
 * @param memory bytes
 * @param memorySwap bytes of memory and swap together, -1 for unlimited swap
 * @param memoryReservation bytes
 * @param kernelMemory refused unless 0
 * @param cpuPeriod microseconds
 * @param cpuQuota microseconds in each period
 * @param nanoCpus billionths of a processor; excludes period and quota
 * @param pidsLimit processes; 0 and -1 for unlimited, null for not set
 * @param deviceRequests how many device requests (GPUs) were made; refused unless 0
 * @param blkioDeviceLimits how many per-device limits were given; refused unless 0
 */
@Json
public record Resources(
        long memory,
        long memorySwap,
        long memoryReservation,
        long kernelMemory,
        @Nullable Long memorySwappiness,
        @Nullable Boolean oomKillDisable,
        int oomScoreAdj,
        long cpuShares,
        long cpuPeriod,
        long cpuQuota,
        long nanoCpus,
        long cpuRealtimePeriod,
        long cpuRealtimeRuntime,
        String cpusetCpus,
        String cpusetMems,
        @Nullable Long pidsLimit,
        int blkioWeight,
        int blkioDeviceLimits,
        String cgroupParent,
        List<DeviceMapping> devices,
        List<String> deviceCgroupRules,
        int deviceRequests,
        List<Ulimit> ulimits) {

    /** Nothing is limited. */
    public static final Resources UNLIMITED = new Resources(
            0, 0, 0, 0, null, null, 0, 0, 0, 0, 0, 0, 0, "", "", null, 0, 0, "", List.of(), List.of(), 0, List.of());

    /** One {@code --device}: permissions are letters of {@code rwm}. */
    @Json
    public record DeviceMapping(String pathOnHost, String pathInContainer, String permissions) {}

    /** One {@code --ulimit}; -1 for unlimited. */
    @Json
    public record Ulimit(String name, long soft, long hard) {}
}
