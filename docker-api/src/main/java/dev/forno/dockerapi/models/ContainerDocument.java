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
@Json(naming = Json.Naming.UpperCamel)
public record ContainerDocument(
        String id,
        String created,
        String path,
        List<String> args,
        State state,
        String image,
        String resolvConfPath,
        String hostnamePath,
        String hostsPath,
        String logPath,
        String name,
        int restartCount,
        String driver,
        String platform,
        String mountLabel,
        String processLabel,
        String appArmorProfile,
        @Json.Property("ExecIDs") Texts execIds,
        HostConfigDocument hostConfig,
        GraphDriver graphDriver,
        @Nullable Long sizeRw,
        @Nullable Long sizeRootFs,
        List<MountDocument> mounts,
        ConfigDocument config,
        Network networkSettings) {

    /** Where the container is in its life. */
    @Json(naming = Json.Naming.UpperCamel)
    public record State(
            String status,
            boolean running,
            boolean paused,
            boolean restarting,
            @Json.Property("OOMKilled") boolean oomKilled,
            boolean dead,
            int pid,
            int exitCode,
            String error,
            String startedAt,
            String finishedAt) {

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
    @Json(naming = Json.Naming.UpperCamel)
    public record GraphDriver(Map<String, String> data, String name) {}

    /** The container's place in the network; the single addresses repeat those of the default bridge. */
    @Json(naming = Json.Naming.UpperCamel)
    public record Network(
            String bridge,
            @Json.Property("SandboxID") String sandboxId,
            String sandboxKey,
            Map<String, PortBindingList> ports,
            boolean hairpinMode,
            @Json.Property("LinkLocalIPv6Address") String linkLocalIpv6Address,
            @Json.Property("LinkLocalIPv6PrefixLen") int linkLocalIpv6PrefixLen,
            @Json.Property("SecondaryIPAddresses") Texts secondaryIpAddresses,
            @Json.Property("SecondaryIPv6Addresses") Texts secondaryIpv6Addresses,
            @Json.Property("EndpointID") String endpointId,
            String gateway,
            @Json.Property("GlobalIPv6Address") String globalIpv6Address,
            @Json.Property("GlobalIPv6PrefixLen") int globalIpv6PrefixLen,
            @Json.Property("IPAddress") String ipAddress,
            @Json.Property("IPPrefixLen") int ipPrefixLen,
            @Json.Property("IPv6Gateway") String ipv6Gateway,
            String macAddress,
            Map<String, EndpointDocument> networks) {

        private static final NetworkSettings.EndpointSettings NONE =
                new NetworkSettings.EndpointSettings("", "", "", "", 0, "", List.of(), List.of());

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
