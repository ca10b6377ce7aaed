package dev.forno.engine.containers;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a container meets this machine. Absent texts are empty, absent numbers 0, absent collections empty, unless said
 * otherwise; {@link #DEFAULTS} is a plain container on the bridge.
 *
 * @param shmSize bytes of {@code /dev/shm}, 0 for 64 MiB
 * @param init whether a small init reaps processes; null for the engine's default (no)
 * @param runtime the OCI runtime's name, empty for the engine's
 * @param consoleSize rows and columns of the first terminal, or null
 * @param annotations recorded and handed to the OCI runtime
 * @param storageOptions refused unless empty
 * @param containerIdFile recorded: the client writes it
 */
@Json
public record HostOptions(
        StorageOptions storage,
        NetworkOptions network,
        NamespaceOptions namespaces,
        SecurityOptions security,
        Resources resources,
        LogOptions log,
        RestartPolicy restart,
        boolean autoRemove,
        @Nullable Boolean init,
        long shmSize,
        Map<String, String> sysctls,
        String runtime,
        Map<String, String> annotations,
        Map<String, String> storageOptions,
        @Nullable List<Integer> consoleSize,
        String containerIdFile) {

    /** A plain container on the bridge. */
    public static final HostOptions DEFAULTS = new HostOptions(
            StorageOptions.NONE,
            NetworkOptions.DEFAULTS,
            NamespaceOptions.DEFAULTS,
            SecurityOptions.DEFAULTS,
            Resources.UNLIMITED,
            LogOptions.DEFAULTS,
            RestartPolicy.NO,
            false,
            null,
            0,
            Map.of(),
            "",
            Map.of(),
            Map.of(),
            null,
            "");

    /** The same options with another network. */
    public HostOptions withNetwork(NetworkOptions newNetwork) {
        return new HostOptions(
                storage,
                newNetwork,
                namespaces,
                security,
                resources,
                log,
                restart,
                autoRemove,
                init,
                shmSize,
                sysctls,
                runtime,
                annotations,
                storageOptions,
                consoleSize,
                containerIdFile);
    }

    /** The same options with another OCI runtime. */
    public HostOptions withRuntime(String newRuntime) {
        return new HostOptions(
                storage,
                network,
                namespaces,
                security,
                resources,
                log,
                restart,
                autoRemove,
                init,
                shmSize,
                sysctls,
                newRuntime,
                annotations,
                storageOptions,
                consoleSize,
                containerIdFile);
    }

    /** The same options with other limits. */
    public HostOptions withResources(Resources newResources) {
        return new HostOptions(
                storage,
                network,
                namespaces,
                security,
                newResources,
                log,
                restart,
                autoRemove,
                init,
                shmSize,
                sysctls,
                runtime,
                annotations,
                storageOptions,
                consoleSize,
                containerIdFile);
    }

    /**
     * What is mounted.
     *
     * @param binds {@code source:target[:options]}, the source a host path or a volume's name
     * @param tmpfs options by target
     * @param volumesFrom {@code container[:ro|rw]}
     * @param volumeDriver driver of volumes made on the way, empty or {@code local}
     */
    @Json
    public record StorageOptions(
            List<String> binds,
            List<MountRequest> mounts,
            Map<String, String> tmpfs,
            List<String> volumesFrom,
            String volumeDriver) {
        /** Nothing is mounted. */
        public static final StorageOptions NONE = new StorageOptions(List.of(), List.of(), Map.of(), List.of(), "");
    }

    /**
     * How the container is connected.
     *
     * @param mode empty, {@code default}, {@code bridge}, {@code none}, {@code host} or {@code container:<id or name>}
     * @param portBindings host bindings by {@code 80/tcp}; host ports may be empty (any) or ranges
     * @param publishAll publish every exposed port
     * @param extraHosts {@code name:address}, the address may be {@code host-gateway}
     * @param links refused unless empty
     */
    @Json
    public record NetworkOptions(
            String mode,
            Map<String, List<PortBinding>> portBindings,
            boolean publishAll,
            List<String> dns,
            List<String> dnsOptions,
            List<String> dnsSearch,
            List<String> extraHosts,
            List<String> links) {
        /** On the bridge, nothing published. */
        public static final NetworkOptions DEFAULTS =
                new NetworkOptions("", Map.of(), false, List.of(), List.of(), List.of(), List.of(), List.of());
    }

    /** Which namespaces are shared: empty for an own one, else as Docker writes them ({@code host}, {@code container:x} …). */
    @Json
    public record NamespaceOptions(String pid, String ipc, String uts, String cgroup, String user) {
        /** All namespaces are the container's own. */
        public static final NamespaceOptions DEFAULTS = new NamespaceOptions("", "", "", "", "");
    }

    /**
     * What the processes may do.
     *
     * @param options {@code no-new-privileges}, {@code seccomp=…} with the profile's text or {@code unconfined}, …
     * @param maskedPaths null for the default set
     * @param readonlyPaths null for the default set
     */
    @Json
    public record SecurityOptions(
            boolean privileged,
            List<String> capAdd,
            List<String> capDrop,
            List<String> options,
            boolean readonlyRootfs,
            List<String> groupAdd,
            @Nullable List<String> maskedPaths,
            @Nullable List<String> readonlyPaths) {
        /** Default capabilities and profile. */
        public static final SecurityOptions DEFAULTS =
                new SecurityOptions(false, List.of(), List.of(), List.of(), false, List.of(), null, null);
    }

    /** Where output goes: the driver's name, empty for {@code json-file}, and its options ({@code max-size}, {@code max-file}). */
    @Json
    public record LogOptions(String driver, Map<String, String> options) {
        /** {@code json-file} with the engine's rotation. */
        public static final LogOptions DEFAULTS = new LogOptions("", Map.of());
    }

    /** What happens at exit; only {@code no} (or empty) is accepted for now. */
    @Json
    public record RestartPolicy(String name, int maximumRetryCount) {
        /** Never restarted. */
        public static final RestartPolicy NO = new RestartPolicy("no", 0);
    }
}
