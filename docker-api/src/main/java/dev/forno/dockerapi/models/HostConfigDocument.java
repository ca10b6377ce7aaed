package dev.forno.dockerapi.models;

import dev.forno.engine.containers.Container;
import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a container meets the machine: in creations, updates and inspections. */
@Json
public record HostConfigDocument(
        @Json.Property("Binds") @Nullable Texts binds,
        @Json.Property("ContainerIDFile") @Nullable String containerIdFile,
        @Json.Property("LogConfig") @Nullable LogConfig logConfig,
        @Json.Property("NetworkMode") @Nullable String networkMode,
        @Json.Property("PortBindings") @Nullable Map<String, PortBindingList> portBindings,
        @Json.Property("RestartPolicy") @Nullable RestartPolicyDocument restartPolicy,
        @Json.Property("AutoRemove") @Nullable Boolean autoRemove,
        @Json.Property("VolumeDriver") @Nullable String volumeDriver,
        @Json.Property("VolumesFrom") @Nullable Texts volumesFrom,
        @Json.Property("ConsoleSize") @Nullable List<Integer> consoleSize,
        @Json.Property("Annotations") @Nullable Map<String, String> annotations,
        @Json.Property("CapAdd") @Nullable Texts capAdd,
        @Json.Property("CapDrop") @Nullable Texts capDrop,
        @Json.Property("CgroupnsMode") @Nullable String cgroupnsMode,
        @Json.Property("Dns") @Nullable Texts dns,
        @Json.Property("DnsOptions") @Nullable Texts dnsOptions,
        @Json.Property("DnsSearch") @Nullable Texts dnsSearch,
        @Json.Property("ExtraHosts") @Nullable Texts extraHosts,
        @Json.Property("GroupAdd") @Nullable Texts groupAdd,
        @Json.Property("IpcMode") @Nullable String ipcMode,
        @Json.Property("Cgroup") @Nullable String cgroup,
        @Json.Property("Links") @Nullable Texts links,
        @Json.Property("OomScoreAdj") @Nullable Integer oomScoreAdj,
        @Json.Property("PidMode") @Nullable String pidMode,
        @Json.Property("Privileged") @Nullable Boolean privileged,
        @Json.Property("PublishAllPorts") @Nullable Boolean publishAllPorts,
        @Json.Property("ReadonlyRootfs") @Nullable Boolean readonlyRootfs,
        @Json.Property("SecurityOpt") @Nullable Texts securityOpt,
        @Json.Property("StorageOpt") @Nullable Map<String, String> storageOpt,
        @Json.Property("Tmpfs") @Nullable Map<String, String> tmpfs,
        @Json.Property("UTSMode") @Nullable String utsMode,
        @Json.Property("UsernsMode") @Nullable String usernsMode,
        @Json.Property("ShmSize") @Nullable Long shmSize,
        @Json.Property("Sysctls") @Nullable Map<String, String> sysctls,
        @Json.Property("Runtime") @Nullable String runtime,
        @Json.Property("Isolation") @Nullable String isolation,
        @Json.Property("CpuShares") @Nullable Long cpuShares,
        @Json.Property("Memory") @Nullable Long memory,
        @Json.Property("NanoCpus") @Nullable Long nanoCpus,
        @Json.Property("CgroupParent") @Nullable String cgroupParent,
        @Json.Property("BlkioWeight") @Nullable Integer blkioWeight,
        @Json.Property("BlkioWeightDevice") @Nullable List<Map<String, Object>> blkioWeightDevice,
        @Json.Property("BlkioDeviceReadBps") @Nullable List<Map<String, Object>> blkioDeviceReadBps,
        @Json.Property("BlkioDeviceWriteBps") @Nullable List<Map<String, Object>> blkioDeviceWriteBps,
        @Json.Property("BlkioDeviceReadIOps") @Nullable List<Map<String, Object>> blkioDeviceReadIops,
        @Json.Property("BlkioDeviceWriteIOps") @Nullable List<Map<String, Object>> blkioDeviceWriteIops,
        @Json.Property("CpuPeriod") @Nullable Long cpuPeriod,
        @Json.Property("CpuQuota") @Nullable Long cpuQuota,
        @Json.Property("CpuRealtimePeriod") @Nullable Long cpuRealtimePeriod,
        @Json.Property("CpuRealtimeRuntime") @Nullable Long cpuRealtimeRuntime,
        @Json.Property("CpusetCpus") @Nullable String cpusetCpus,
        @Json.Property("CpusetMems") @Nullable String cpusetMems,
        @Json.Property("Devices") @Nullable List<Device> devices,
        @Json.Property("DeviceCgroupRules") @Nullable Texts deviceCgroupRules,
        @Json.Property("DeviceRequests") @Nullable List<Map<String, Object>> deviceRequests,
        @Json.Property("KernelMemory") @Nullable Long kernelMemory,
        @Json.Property("KernelMemoryTCP") @Nullable Long kernelMemoryTcp,
        @Json.Property("MemoryReservation") @Nullable Long memoryReservation,
        @Json.Property("MemorySwap") @Nullable Long memorySwap,
        @Json.Property("MemorySwappiness") @Nullable Long memorySwappiness,
        @Json.Property("OomKillDisable") @Nullable Boolean oomKillDisable,
        @Json.Property("PidsLimit") @Nullable Long pidsLimit,
        @Json.Property("Ulimits") @Nullable List<UlimitDocument> ulimits,
        @Json.Property("Mounts") @Nullable List<MountRequestDocument> mounts,
        @Json.Property("MaskedPaths") @Nullable Texts maskedPaths,
        @Json.Property("ReadonlyPaths") @Nullable Texts readonlyPaths,
        @Json.Property("Init") @Nullable Boolean init) {

    /** The log driver and its options. */
    @Json
    public record LogConfig(
            @Json.Property("Type") @Nullable String type,
            @Json.Property("Config") @Nullable Map<String, String> config) {}

    /** What happens at exit. */
    @Json
    public record RestartPolicyDocument(
            @Json.Property("Name") @Nullable String name,
            @Json.Property("MaximumRetryCount") @Nullable Integer maximumRetryCount) {}

    /** One device node handed in. */
    @Json
    public record Device(
            @Json.Property("PathOnHost") @Nullable String pathOnHost,
            @Json.Property("PathInContainer") @Nullable String pathInContainer,
            @Json.Property("CgroupPermissions") @Nullable String cgroupPermissions) {}

    /** One limit of processes. */
    @Json
    public record UlimitDocument(
            @Json.Property("Name") @Nullable String name,
            @Json.Property("Soft") @Nullable Long soft,
            @Json.Property("Hard") @Nullable Long hard) {}

    static HostConfigDocument of(Container container) {
        return HostConfigWriter.write(container);
    }
}
