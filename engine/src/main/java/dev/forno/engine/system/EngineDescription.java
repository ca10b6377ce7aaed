package dev.forno.engine.system;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The engine and its machine, as {@code info} shows them.
 *
 * @param id stable for one state directory
 * @param name the machine's host name
 * @param images how many images there are
 * @param runtimes paths by name of the OCI runtimes found
 * @param runtimeReason why {@code runtime} was chosen
 */
public record EngineDescription(
        String id,
        String name,
        String version,
        Instant time,
        Counts counts,
        int images,
        String storageDriver,
        List<List<String>> storageStatus,
        String stateDirectory,
        String runDirectory,
        String runtime,
        String runtimeReason,
        String runtimeVersion,
        Map<String, String> runtimes,
        String initBinary,
        Machine machine,
        Cgroups cgroups,
        List<String> securityOptions,
        List<String> logDrivers,
        int openFiles,
        int threads,
        int eventListeners,
        List<String> warnings) {

    /** Containers by state. */
    public record Counts(int total, int running, int paused, int stopped) {}

    /**
     * The machine.
     *
     * @param operatingSystem os-release's PRETTY_NAME
     * @param architecture as {@code x86_64}
     * @param memory bytes
     */
    public record Machine(
            String kernel,
            String operatingSystem,
            String osVersion,
            String architecture,
            int processors,
            long memory,
            boolean ipv4Forwarding) {}

    /** Control groups: the driver, the hierarchy's version, and which limits it can set. */
    public record Cgroups(
            String driver,
            String version,
            boolean memory,
            boolean swap,
            boolean cpuQuota,
            boolean cpuShares,
            boolean cpuset,
            boolean pids,
            boolean oomKillDisable) {}
}
