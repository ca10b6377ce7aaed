package dev.forno.dockerapi.models;

import dev.forno.engine.containers.Container;
import dev.forno.engine.containers.ContainerState;
import dev.forno.engine.containers.ContainerStatus;
import dev.forno.engine.containers.NetworkSettings;
import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything about one container. */
@Json
public record ContainerDocument(
        @Json.Property("Id") String id,
        @Json.Property("Created") String created,
        @Json.Property("Path") String path,
        @Json.Property("Args") List<String> args,
        @Json.Property("State") State state,
        @Json.Property("Image") String image,
        @Json.Property("ResolvConfPath") String resolvConfPath,
        @Json.Property("HostnamePath") String hostnamePath,
        @Json.Property("HostsPath") String hostsPath,
        @Json.Property("LogPath") String logPath,
        @Json.Property("Name") String name,
        @Json.Property("RestartCount") int restartCount,
        @Json.Property("Driver") String driver,
        @Json.Property("Platform") String platform,
        @Json.Property("MountLabel") String mountLabel,
        @Json.Property("ProcessLabel") String processLabel,
        @Json.Property("AppArmorProfile") String appArmorProfile,
        @Json.Property("ExecIDs") Texts execIds,
        @Json.Property("HostConfig") HostConfigDocument hostConfig,
        @Json.Property("GraphDriver") GraphDriver graphDriver,
        @Json.Property("SizeRw") @Nullable Long sizeRw,
        @Json.Property("SizeRootFs") @Nullable Long sizeRootFs,
        @Json.Property("Mounts") List<MountDocument> mounts,
        @Json.Property("Config") ConfigDocument config,
        @Json.Property("NetworkSettings") Network networkSettings) {

    /** Where the container is in its life. */
    @Json
    public record State(
            @Json.Property("Status") String status,
            @Json.Property("Running") boolean running,
            @Json.Property("Paused") boolean paused,
            @Json.Property("Restarting") boolean restarting,
            @Json.Property("OOMKilled") boolean oomKilled,
            @Json.Property("Dead") boolean dead,
            @Json.Property("Pid") int pid,
            @Json.Property("ExitCode") int exitCode,
            @Json.Property("Error") String error,
            @Json.Property("StartedAt") String startedAt,
            @Json.Property("FinishedAt") String finishedAt) {

        static State of(ContainerState state) {
            return new State(
                    state.status().word(),
                    state.status().hasTask(),
                    state.status() == ContainerStatus.PAUSED,
                    false,
                    state.oomKilled(),
                    state.status() == ContainerStatus.DEAD,
                    state.pid(),
                    state.exitCode(),
                    state.error(),
                    GoTimes.rfc3339(state.startedAt()),
                    GoTimes.rfc3339(state.finishedAt()));
        }
    }

    /** Who keeps the layers. */
    @Json
    public record GraphDriver(
            @Json.Property("Data") Map<String, String> data,
            @Json.Property("Name") String name) {}

    /** The container's place in the network; the single addresses repeat those of the default bridge. */
    @Json
    public record Network(
            @Json.Property("Bridge") String bridge,
            @Json.Property("SandboxID") String sandboxId,
            @Json.Property("SandboxKey") String sandboxKey,
            @Json.Property("Ports") Map<String, PortBindingList> ports,
            @Json.Property("HairpinMode") boolean hairpinMode,
            @Json.Property("LinkLocalIPv6Address") String linkLocalIpv6Address,
            @Json.Property("LinkLocalIPv6PrefixLen") int linkLocalIpv6PrefixLen,
            @Json.Property("SecondaryIPAddresses") Texts secondaryIpAddresses,
            @Json.Property("SecondaryIPv6Addresses") Texts secondaryIpv6Addresses,
            @Json.Property("EndpointID") String endpointId,
            @Json.Property("Gateway") String gateway,
            @Json.Property("GlobalIPv6Address") String globalIpv6Address,
            @Json.Property("GlobalIPv6PrefixLen") int globalIpv6PrefixLen,
            @Json.Property("IPAddress") String ipAddress,
            @Json.Property("IPPrefixLen") int ipPrefixLen,
            @Json.Property("IPv6Gateway") String ipv6Gateway,
            @Json.Property("MacAddress") String macAddress,
            @Json.Property("Networks") Map<String, EndpointDocument> networks) {

        private static final NetworkSettings.EndpointSettings NONE =
                new NetworkSettings.EndpointSettings("", "", "", "", 0, "", "", List.of(), List.of());

        static Network of(NetworkSettings settings) {
            NetworkSettings.EndpointSettings main = settings.networks().getOrDefault("bridge", NONE);
            return new Network(
                    "",
                    settings.sandboxId(),
                    settings.sandboxKey(),
                    PortBindingList.of(settings.ports()),
                    false,
                    "",
                    0,
                    Texts.NULL,
                    Texts.NULL,
                    main.endpointId(),
                    main.gateway(),
                    "",
                    0,
                    main.ipAddress(),
                    main.ipPrefixLength(),
                    "",
                    main.macAddress(),
                    EndpointDocument.of(settings.networks()));
        }
    }

    /** The document of {@code container}; without sizes. */
    public static ContainerDocument of(Container container) {
        return new ContainerDocument(
                container.id(),
                GoTimes.rfc3339(container.created()),
                container.path(),
                container.args(),
                State.of(container.state()),
                container.imageId(),
                container.files().resolvConf(),
                container.files().hostname(),
                container.files().hosts(),
                container.files().log(),
                "/" + container.name(),
                container.restartCount(),
                container.storage().name(),
                container.platform().os(),
                "",
                "",
                "",
                Texts.nonEmpty(container.execIds()),
                HostConfigDocument.of(container),
                new GraphDriver(container.storage().data(), container.storage().name()),
                null,
                null,
                container.mounts().stream().map(MountDocument::of).toList(),
                ConfigDocument.of(container.config()),
                Network.of(container.network()));
    }

    /** This document with the bytes of the container's own layer and of all layers. */
    public ContainerDocument withSizes(long writable, long total) {
        return new ContainerDocument(
                id,
                created,
                path,
                args,
                state,
                image,
                resolvConfPath,
                hostnamePath,
                hostsPath,
                logPath,
                name,
                restartCount,
                driver,
                platform,
                mountLabel,
                processLabel,
                appArmorProfile,
                execIds,
                hostConfig,
                graphDriver,
                writable,
                total,
                mounts,
                config,
                networkSettings);
    }

    static String networkMode(Container container) {
        String mode = container.host().network().mode();
        return mode.isEmpty() || mode.equals("default") ? "bridge" : mode;
    }
}
