package dev.forno.dockerapi.models;

import dev.forno.engine.containers.Container;
import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a container meets the machine: in creations, updates and inspections. */
@Json(naming = Json.Naming.UpperCamel)
public record HostConfigDocument(
        @Nullable Texts binds,
        @Json.Property("ContainerIDFile") @Nullable String containerIdFile,
        @Nullable LogConfig logConfig,
        @Nullable String networkMode,
        @Nullable Map<String, PortBindingList> portBindings,
        @Nullable RestartPolicyDocument restartPolicy,
        @Nullable Boolean autoRemove,
        @Nullable String volumeDriver,
        @Nullable Texts volumesFrom,
        @Nullable List<Integer> consoleSize,
        @Nullable Map<String, String> annotations,
        @Nullable Texts capAdd,
        @Nullable Texts capDrop,
        @Nullable String cgroupnsMode,
        @Nullable Texts dns,
        @Nullable Texts dnsOptions,
        @Nullable Texts dnsSearch,
        @Nullable Texts extraHosts,
        @Nullable Texts groupAdd,
        @Nullable String ipcMode,
        @Nullable String cgroup,
        @Nullable Texts links,
        @Nullable Integer oomScoreAdj,
        @Nullable String pidMode,
        @Nullable Boolean privileged,
        @Nullable Boolean publishAllPorts,
        @Nullable Boolean readonlyRootfs,
        @Nullable Texts securityOpt,
        @Nullable Map<String, String> storageOpt,
        @Nullable Map<String, String> tmpfs,
        @Json.Property("UTSMode") @Nullable String utsMode,
        @Nullable String usernsMode,
        @Nullable Long shmSize,
        @Nullable Map<String, String> sysctls,
        @Nullable String runtime,
        @Nullable String isolation,
        @Nullable Long cpuShares,
        @Nullable Long memory,
        @Nullable Long nanoCpus,
        @Nullable String cgroupParent,
        @Nullable Integer blkioWeight,
        @Nullable List<Map<String, Object>> blkioWeightDevice,
        @Nullable List<Map<String, Object>> blkioDeviceReadBps,
        @Nullable List<Map<String, Object>> blkioDeviceWriteBps,
        @Json.Property("BlkioDeviceReadIOps") @Nullable List<Map<String, Object>> blkioDeviceReadIops,
        @Json.Property("BlkioDeviceWriteIOps") @Nullable List<Map<String, Object>> blkioDeviceWriteIops,
        @Nullable Long cpuPeriod,
        @Nullable Long cpuQuota,
        @Nullable Long cpuRealtimePeriod,
        @Nullable Long cpuRealtimeRuntime,
        @Nullable String cpusetCpus,
        @Nullable String cpusetMems,
        @Nullable List<Device> devices,
        @Nullable Texts deviceCgroupRules,
        @Nullable List<Map<String, Object>> deviceRequests,
        @Nullable Long kernelMemory,
        @Json.Property("KernelMemoryTCP") @Nullable Long kernelMemoryTcp,
        @Nullable Long memoryReservation,
        @Nullable Long memorySwap,
        @Nullable Long memorySwappiness,
        @Nullable Boolean oomKillDisable,
        @Nullable Long pidsLimit,
        @Nullable List<UlimitDocument> ulimits,
        @Nullable List<MountRequestDocument> mounts,
        @Nullable Texts maskedPaths,
        @Nullable Texts readonlyPaths,
        @Nullable Boolean init) {

    /** The log driver and its options. */
    @Json(naming = Json.Naming.UpperCamel)
    public record LogConfig(@Nullable String type, @Nullable Map<String, String> config) {}

    /** What happens at exit. */
    @Json(naming = Json.Naming.UpperCamel)
    public record RestartPolicyDocument(
            @Nullable String name, @Nullable Integer maximumRetryCount) {}

    /** One device node handed in. */
    @Json(naming = Json.Naming.UpperCamel)
    public record Device(
            @Nullable String pathOnHost,
            @Nullable String pathInContainer,
            @Nullable String cgroupPermissions) {}

    /** One limit of processes. */
    @Json(naming = Json.Naming.UpperCamel)
    public record UlimitDocument(
            @Nullable String name,
            @Nullable Long soft,
            @Nullable Long hard) {}

    static HostConfigDocument of(Container container) {
        return HostConfigWriter.write(container);
    }
}
