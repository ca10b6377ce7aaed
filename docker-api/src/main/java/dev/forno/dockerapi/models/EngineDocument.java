package dev.forno.dockerapi.models;

import dev.forno.engine.system.EngineDescription;
import dev.forno.engine.system.EngineDescription.Cgroups;
import dev.forno.engine.system.EngineDescription.Machine;
import io.avaje.jsonb.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code docker info} shows. */
@Json(naming = Json.Naming.UpperCamel)
public record EngineDocument(
        @Json.Property("ID") String id,
        int containers,
        int containersRunning,
        int containersPaused,
        int containersStopped,
        int images,
        String driver,
        List<List<String>> driverStatus,
        Plugins plugins,
        boolean memoryLimit,
        boolean swapLimit,
        boolean cpuCfsPeriod,
        boolean cpuCfsQuota,
        @Json.Property("CPUShares") boolean cpuShares,
        @Json.Property("CPUSet") boolean cpuset,
        boolean pidsLimit,
        @Json.Property("IPv4Forwarding") boolean ipv4Forwarding,
        boolean debug,
        @Json.Property("NFd") int openFiles,
        boolean oomKillDisable,
        @Json.Property("NGoroutines") int threads,
        String systemTime,
        String loggingDriver,
        String cgroupDriver,
        String cgroupVersion,
        @Json.Property("NEventsListener") int eventListeners,
        String kernelVersion,
        String operatingSystem,
        @Json.Property("OSVersion") String osVersion,
        @Json.Property("OSType") String osType,
        String architecture,
        String indexServerAddress,
        Registries registryConfig,
        @Json.Property("NCPU") int processors,
        long memTotal,
        List<String> genericResources,
        String dockerRootDir,
        String httpProxy,
        String httpsProxy,
        String noProxy,
        String name,
        List<String> labels,
        boolean experimentalBuild,
        String serverVersion,
        Map<String, OciRuntime> runtimes,
        String defaultRuntime,
        Swarm swarm,
        boolean liveRestoreEnabled,
        String isolation,
        String initBinary,
        Commit containerdCommit,
        Commit runcCommit,
        Commit initCommit,
        List<String> securityOptions,
        List<String> warnings) {

    /** Drivers by kind. */
    @Json(naming = Json.Naming.UpperCamel)
    public record Plugins(List<String> volume, List<String> network, Texts authorization, List<String> log) {}

    /** How registries are reached. */
    @Json(naming = Json.Naming.UpperCamel)
    public record Registries(
            @Json.Property("InsecureRegistryCIDRs") List<String> insecureRegistryCidrs,
            Map<String, Registry> indexConfigs,
            List<String> mirrors) {}

    /** One registry. */
    @Json(naming = Json.Naming.UpperCamel)
    public record Registry(String name, List<String> mirrors, boolean secure, boolean official) {}

    /** One OCI runtime. */
    @Json
    public record OciRuntime(String path) {}

    /** The state of clustering: always inactive. */
    @Json(naming = Json.Naming.UpperCamel)
    public record Swarm(
            @Json.Property("NodeID") String nodeId,
            String nodeAddr,
            String localNodeState,
            boolean controlAvailable,
            String error,
            Texts remoteManagers) {}

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
