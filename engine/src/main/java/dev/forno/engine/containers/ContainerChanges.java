package dev.forno.engine.containers;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A container's record after something has changed. */
final class ContainerChanges {
    private ContainerChanges() {}

    static Container named(Container c, String name) {
        return new Container(
                c.id(),
                name,
                c.created(),
                c.imageId(),
                c.platform(),
                c.config(),
                c.host(),
                c.path(),
                c.args(),
                c.state(),
                c.restartCount(),
                c.mounts(),
                c.network(),
                c.files(),
                c.storage(),
                c.execIds());
    }

    static Container in(Container c, ContainerState state) {
        return in(c, state, c.network());
    }

    static Container in(Container c, ContainerState state, NetworkSettings network) {
        return new Container(
                c.id(),
                c.name(),
                c.created(),
                c.imageId(),
                c.platform(),
                c.config(),
                c.host(),
                c.path(),
                c.args(),
                state,
                c.restartCount(),
                c.mounts(),
                network,
                c.files(),
                c.storage(),
                c.execIds());
    }

    static Container limited(Container c, HostOptions host) {
        return new Container(
                c.id(),
                c.name(),
                c.created(),
                c.imageId(),
                c.platform(),
                c.config(),
                host,
                c.path(),
                c.args(),
                c.state(),
                c.restartCount(),
                c.mounts(),
                c.network(),
                c.files(),
                c.storage(),
                c.execIds());
    }

    static Container withExecs(Container c, List<String> execIds) {
        return new Container(
                c.id(),
                c.name(),
                c.created(),
                c.imageId(),
                c.platform(),
                c.config(),
                c.host(),
                c.path(),
                c.args(),
                c.state(),
                c.restartCount(),
                c.mounts(),
                c.network(),
                c.files(),
                c.storage(),
                execIds);
    }

    static ContainerState running(int pid, Instant now) {
        return new ContainerState(ContainerStatus.RUNNING, pid, 0, "", false, now, null);
    }

    static ContainerState with(ContainerState s, ContainerStatus status) {
        return new ContainerState(
                status, s.pid(), s.exitCode(), s.error(), s.oomKilled(), s.startedAt(), s.finishedAt());
    }

    static ContainerState ended(ContainerState s, int exitCode, boolean oomKilled, Instant when) {
        return new ContainerState(ContainerStatus.EXITED, 0, exitCode, "", oomKilled, s.startedAt(), when);
    }

    /** A start that failed: where it was before, and why. */
    static ContainerState failed(ContainerState before, int exitCode, @Nullable String error) {
        return new ContainerState(
                before.status(),
                0,
                exitCode,
                error == null ? "" : error,
                before.oomKilled(),
                before.startedAt(),
                before.finishedAt());
    }

    /** The settings of a container without live endpoint: its networks without addresses. */
    static NetworkSettings disconnected(NetworkSettings network) {
        Map<String, NetworkSettings.EndpointSettings> networks = new TreeMap<>();
        network.networks()
                .forEach((name, e) -> networks.put(
                        name,
                        new NetworkSettings.EndpointSettings(
                                e.networkId(), "", "", "", 0, "", "", e.aliases(), e.dnsNames())));
        return new NetworkSettings("", "", Map.of(), networks);
    }
}
