package dev.forno.network.bridges;

import dev.forno.linux.namespaces.NetworkNamespace;
import dev.forno.linux.netlink.Ipv4Address;
import dev.forno.linux.netlink.Link;
import dev.forno.linux.netlink.LinkRequests;
import dev.forno.linux.netlink.MacAddress;
import dev.forno.linux.netlink.NetlinkMessage;
import dev.forno.linux.netlink.RouteSocket;
import dev.forno.network.endpoints.Endpoint;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The containers' network namespaces, each with one interface whose other end is a port of a bridge. Thread-safe.
 */
final class Sandboxes {
    static final String INTERFACE = "eth0";
    private static final String PORT_PREFIX = "veth";
    private static final int PORT_DIGITS = 11;

    private final Path directory;
    private final RouteSocket route;
    private final Reaper reaper;

    Sandboxes(Path directory, RouteSocket route, Reaper reaper) {
        this.directory = directory;
        this.route = route;
        this.reaper = reaper;
    }

    /** What the interface shall be; without a gateway it gets no default route. */
    record Wiring(
            int bridge,
            int mtu,
            Ipv4Address ip,
            int prefixLength,
            MacAddress mac,
            @Nullable Ipv4Address gateway) {}

    /** The file that a container's namespace is bound to. */
    Path file(String containerId) {
        return directory.resolve(containerId);
    }

    boolean exists(String containerId) {
        return NetworkNamespace.exists(file(containerId));
    }

    /** Creates the endpoint's namespace, connected; when that fails nothing is left. */
    void create(String containerId, String endpointId, Wiring wiring) throws IOException {
        Files.createDirectories(directory);
        Path file = file(containerId);
        NetworkNamespace.delete(file); // no endpoint is known for it, so it is what a crash left
        String port = portName(endpointId);
        NetworkNamespace.create(file, namespace -> {
            HostSettings.withoutIpv6();
            try (RouteSocket inside = RouteSocket.open()) {
                connect(port, namespace, wiring);
                try {
                    configure(inside, wiring);
                } catch (IOException | RuntimeException e) {
                    Devices.delete(route, port);
                    throw e;
                }
            }
            return file;
        });
    }

    /** Removes the endpoint's namespace at once and its interface soon, then does the step. */
    void remove(String containerId, String endpointId, Reaper.Step gone) throws IOException {
        try {
            NetworkNamespace.delete(file(containerId));
        } finally {
            reaper.reap(portName(endpointId), gone);
        }
    }

    /** Removes every namespace of the directory, and every port of the bridges, that belongs to none of the endpoints. */
    void removeOrphans(Collection<Endpoint> endpoints, Set<Integer> bridges) throws IOException {
        Set<String> containers = endpoints.stream().map(Endpoint::containerId).collect(Collectors.toSet());
        for (String name : names()) {
            if (!containers.contains(name)) {
                NetworkNamespace.delete(file(name));
            }
        }
        Set<String> ports =
                endpoints.stream().map(endpoint -> portName(endpoint.id())).collect(Collectors.toSet());
        List<String> orphans = new ArrayList<>();
        for (Link link : route.links()) {
            boolean port = bridges.contains(link.master()) && link.kind().equals("veth");
            if (port && link.name().startsWith(PORT_PREFIX) && !ports.contains(link.name())) {
                orphans.add(link.name());
            }
        }
        reaper.delete(orphans);
    }

    /** The name of the host's end: from the endpoint's id, so that the record tells it. */
    static String portName(String endpointId) {
        return PORT_PREFIX + endpointId.substring(0, PORT_DIGITS);
    }

    private void connect(String port, int namespace, Wiring wiring) throws IOException {
        route.execute(
                LinkRequests.createVeth(port, wiring.bridge(), wiring.mtu(), INTERFACE, wiring.mac(), namespace),
                LinkRequests.up(port));
        if (HostSettings.filtersBridgedPackets()) {
            // A container that calls itself by a published port is then answered within the bridge, on the same port.
            int index = route.link(port).map(Link::index).orElse(0);
            route.execute(LinkRequests.hairpin(index));
        }
    }

    private static void configure(RouteSocket inside, Wiring wiring) throws IOException {
        int index = inside.link(INTERFACE).map(Link::index).orElse(0);
        List<NetlinkMessage> requests = new ArrayList<>();
        requests.add(LinkRequests.up("lo"));
        requests.add(LinkRequests.address(index, wiring.ip(), wiring.prefixLength()));
        requests.add(LinkRequests.up(INTERFACE));
        Ipv4Address gateway = wiring.gateway();
        if (gateway != null) {
            requests.add(LinkRequests.defaultRoute(index, gateway));
        }
        inside.execute(requests.toArray(NetlinkMessage[]::new));
    }

    private List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
                files.forEach(file -> names.add(String.valueOf(file.getFileName())));
            }
        }
        return names;
    }
}
