package dev.forno.engine.containers;

import dev.forno.engine.containers.NetworkSettings.EndpointSettings;
import dev.forno.network.endpoints.Endpoint;
import dev.forno.network.endpoints.EndpointSpec;
import dev.forno.runtime.tasks.Namespaces;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Gives a container its place in the network at its start and takes it away at its end. */
final class ContainerNetwork {
    private final Parts parts;
    private final UnaryOperator<String> networkIds;
    private final ContainerEvents events;

    ContainerNetwork(Parts parts, UnaryOperator<String> networkIds) {
        this.parts = parts;
        this.networkIds = networkIds;
        this.events = new ContainerEvents(parts.events());
    }

    /**
     * A container's place.
     *
     * @param files the directory whose network files are mounted
     */
    record Place(Namespaces.Choice namespace, NetworkSettings settings, ContainerDirectory files) {}

    /** The settings of a container that does not run yet. */
    NetworkSettings initial(HostOptions host) {
        return switch (NetworkMode.of(host)) {
            case NetworkMode.Bridge b -> named(parts.bridge());
            case NetworkMode.Host h -> named("host");
            case NetworkMode.None n -> named("none");
            case NetworkMode.Joined j -> NetworkSettings.NONE;
        };
    }

    private NetworkSettings named(String network) {
        return new NetworkSettings("", "", Map.of(), Map.of(network, idle(network)));
    }

    private EndpointSettings idle(String network) {
        return new EndpointSettings(networkIds.apply(network), "", "", "", 0, "", "", List.of(), List.of());
    }

    /** Connects it; on failure nothing is left. */
    Place connect(Container c) {
        ContainerDirectory own = parts.directory(c.id());
        return switch (NetworkMode.of(c.host())) {
            case NetworkMode.Bridge b -> onBridge(c, own);
            case NetworkMode.Host h -> withoutEndpoint(c, own, new Namespaces.Host());
            case NetworkMode.None n -> withoutEndpoint(c, own, new Namespaces.Own());
            case NetworkMode.Joined j -> {
                Container other = parts.records().find(j.container()).value();
                Namespaces.Existing namespace =
                        new TaskSpecs(parts.records(), parts.volumes()).joined(j.container(), "net");
                yield new Place(namespace, NetworkSettings.NONE, filesOf(other));
            }
        };
    }

    /** The files of a container, which may itself have joined another one's network. */
    private ContainerDirectory filesOf(Container c) {
        return NetworkMode.of(c.host()) instanceof NetworkMode.Joined j
                ? filesOf(parts.records().find(j.container()).value())
                : parts.directory(c.id());
    }

    private Place withoutEndpoint(Container c, ContainerDirectory own, Namespaces.Choice namespace) {
        NetworkFiles.write(c, own, "", "");
        return new Place(namespace, c.network(), own);
    }

    private Place onBridge(Container c, ContainerDirectory own) {
        Endpoint endpoint = parts.networks()
                .attach(new EndpointSpec(
                        c.id(),
                        c.name(),
                        parts.bridge(),
                        null,
                        null,
                        Ports.wishes(c.host().network(), c.config().exposedPorts())));
        try {
            NetworkFiles.write(c, own, endpoint.ip(), endpoint.gateway());
        } catch (RuntimeException e) {
            parts.networks().detach(c.id());
            throw e;
        }
        return new Place(new Namespaces.Existing(Path.of(endpoint.netns())), settings(endpoint, c), own);
    }

    private NetworkSettings settings(Endpoint e, Container c) {
        return new NetworkSettings(
                e.id(),
                e.netns(),
                Ports.shown(e.ports(), c.config().exposedPorts()),
                Map.of(
                        e.network(),
                        new EndpointSettings(
                                networkIds.apply(e.network()),
                                e.id(),
                                e.gateway(),
                                e.ip(),
                                e.prefixLength(),
                                e.mac(),
                                e.interfaceName(),
                                List.of(),
                                List.of())));
    }

    /** The live endpoint behind a running container's record; empty when it has none. */
    static Optional<Endpoint> endpoint(Container c) {
        return c.network().networks().entrySet().stream()
                .filter(n -> !n.getValue().endpointId().isEmpty())
                .map(n -> new Endpoint(
                        n.getValue().endpointId(),
                        c.id(),
                        n.getKey(),
                        c.network().sandboxKey(),
                        n.getValue().interfaceName(),
                        n.getValue().ipAddress(),
                        n.getValue().ipPrefixLength(),
                        n.getValue().gateway(),
                        n.getValue().macAddress(),
                        Ports.bound(c.network().ports())))
                .findFirst();
    }

    /** Takes the endpoint away, when there is one. */
    void disconnect(Container c) {
        parts.networks().detach(c.id());
    }

    void publish(Container c, String action) {
        c.network().networks().forEach((name, e) -> events.network(c, action, name, e.networkId()));
    }
}
