package dev.forno.dockerapi.models;

import dev.forno.engine.system.EngineDescription;
import dev.forno.engine.system.EngineDescription.Cgroups;
import dev.forno.engine.system.EngineDescription.Machine;
import io.avaje.jsonb.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code docker info} shows. */
@Json
public record EngineDocument(
        @Json.Property("ID") String id,
        @Json.Property("Containers") int containers,
        @Json.Property("ContainersRunning") int containersRunning,
        @Json.Property("ContainersPaused") int containersPaused,
        @Json.Property("ContainersStopped") int containersStopped,
        @Json.Property("Images") int images,
        @Json.Property("Driver") String driver,
        @Json.Property("DriverStatus") List<List<String>> driverStatus,
        @Json.Property("Plugins") Plugins plugins,
        @Json.Property("MemoryLimit") boolean memoryLimit,
        @Json.Property("SwapLimit") boolean swapLimit,
        @Json.Property("CpuCfsPeriod") boolean cpuCfsPeriod,
        @Json.Property("CpuCfsQuota") boolean cpuCfsQuota,
        @Json.Property("CPUShares") boolean cpuShares,
        @Json.Property("CPUSet") boolean cpuset,
        @Json.Property("PidsLimit") boolean pidsLimit,
        @Json.Property("IPv4Forwarding") boolean ipv4Forwarding,
        @Json.Property("Debug") boolean debug,
        @Json.Property("NFd") int openFiles,
        @Json.Property("OomKillDisable") boolean oomKillDisable,
        @Json.Property("NGoroutines") int threads,
        @Json.Property("SystemTime") String systemTime,
        @Json.Property("LoggingDriver") String loggingDriver,
        @Json.Property("CgroupDriver") String cgroupDriver,
        @Json.Property("CgroupVersion") String cgroupVersion,
        @Json.Property("NEventsListener") int eventListeners,
        @Json.Property("KernelVersion") String kernelVersion,
        @Json.Property("OperatingSystem") String operatingSystem,
        @Json.Property("OSVersion") String osVersion,
        @Json.Property("OSType") String osType,
        @Json.Property("Architecture") String architecture,
        @Json.Property("IndexServerAddress") String indexServerAddress,
        @Json.Property("RegistryConfig") Registries registryConfig,
        @Json.Property("NCPU") int processors,
        @Json.Property("MemTotal") long memTotal,
        @Json.Property("GenericResources") List<String> genericResources,
        @Json.Property("DockerRootDir") String dockerRootDir,
        @Json.Property("HttpProxy") String httpProxy,
        @Json.Property("HttpsProxy") String httpsProxy,
        @Json.Property("NoProxy") String noProxy,
        @Json.Property("Name") String name,
        @Json.Property("Labels") List<String> labels,
        @Json.Property("ExperimentalBuild") boolean experimentalBuild,
        @Json.Property("ServerVersion") String serverVersion,
        @Json.Property("Runtimes") Map<String, OciRuntime> runtimes,
        @Json.Property("DefaultRuntime") String defaultRuntime,
        @Json.Property("Swarm") Swarm swarm,
        @Json.Property("LiveRestoreEnabled") boolean liveRestoreEnabled,
        @Json.Property("Isolation") String isolation,
        @Json.Property("InitBinary") String initBinary,
        @Json.Property("ContainerdCommit") Commit containerdCommit,
        @Json.Property("RuncCommit") Commit runcCommit,
        @Json.Property("InitCommit") Commit initCommit,
        @Json.Property("SecurityOptions") List<String> securityOptions,
        @Json.Property("Warnings") List<String> warnings) {

    /** Drivers by kind. */
    @Json
    public record Plugins(
            @Json.Property("Volume") List<String> volume,
            @Json.Property("Network") List<String> network,
            @Json.Property("Authorization") Texts authorization,
            @Json.Property("Log") List<String> log) {}

    /** How registries are reached. */
    @Json
    public record Registries(
            @Json.Property("InsecureRegistryCIDRs") List<String> insecureRegistryCidrs,
            @Json.Property("IndexConfigs") Map<String, Registry> indexConfigs,
            @Json.Property("Mirrors") List<String> mirrors) {}

    /** One registry. */
    @Json
    public record Registry(
            @Json.Property("Name") String name,
            @Json.Property("Mirrors") List<String> mirrors,
            @Json.Property("Secure") boolean secure,
            @Json.Property("Official") boolean official) {}

    /** One OCI runtime. */
    @Json
    public record OciRuntime(String path) {}

    /** The state of clustering: always inactive. */
    @Json
    public record Swarm(
            @Json.Property("NodeID") String nodeId,
            @Json.Property("NodeAddr") String nodeAddr,
            @Json.Property("LocalNodeState") String localNodeState,
            @Json.Property("ControlAvailable") boolean controlAvailable,
            @Json.Property("Error") String error,
            @Json.Property("RemoteManagers") Texts remoteManagers) {}

    /** The version of a part. */
    @Json
    public record Commit(@Json.Property("ID") String id) {}

    /** The document of {@code engine}. */
    public static EngineDocument of(EngineDescription engine) {
        Machine machine = engine.machine();
        Cgroups cgroups = engine.cgroups();
        return new EngineDocument(
                engine.id(),
                engine.counts().total(),
                engine.counts().running(),
                engine.counts().paused(),
                engine.counts().stopped(),
                engine.images(),
                engine.storageDriver(),
                engine.storageStatus(),
                new Plugins(List.of("local"), List.of("bridge", "host", "null"), Texts.NULL, engine.logDrivers()),
                cgroups.memory(),
                cgroups.swap(),
                cgroups.cpuQuota(),
                cgroups.cpuQuota(),
                cgroups.cpuShares(),
                cgroups.cpuset(),
                cgroups.pids(),
                machine.ipv4Forwarding(),
                false,
                engine.openFiles(),
                cgroups.oomKillDisable(),
                engine.threads(),
                GoTimes.rfc3339(engine.time()),
                "json-file",
                cgroups.driver(),
                cgroups.version(),
                engine.eventListeners(),
                machine.kernel(),
                machine.operatingSystem(),
                machine.osVersion(),
                "linux",
                machine.architecture(),
                "https://index.docker.io/v1/",
                new Registries(
                        List.of("::1/128", "127.0.0.0/8"),
                        Map.of("docker.io", new Registry("docker.io", List.of(), true, true)),
                        List.of()),
                machine.processors(),
                machine.memory(),
                List.of(),
                engine.stateDirectory(),
                "",
                "",
                "",
                engine.name(),
                List.of(),
                false,
                engine.version(),
                runtimes(engine),
                engine.runtime(),
                new Swarm("", "", "inactive", false, "", Texts.NULL),
                true,
                "",
                engine.initBinary(),
                new Commit(""),
                new Commit(engine.runtimeVersion()),
                new Commit(""),
                engine.securityOptions(),
                engine.warnings());
    }

    private static Map<String, OciRuntime> runtimes(EngineDescription engine) {
        Map<String, OciRuntime> result = new LinkedHashMap<>();
        engine.runtimes().forEach((name, path) -> result.put(name, new OciRuntime(path)));
        return result;
    }
}
