package dev.forno.network.bridges;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.namespaces.NetworkNamespace;
import dev.forno.linux.netlink.Ipv4Address;
import dev.forno.linux.netlink.Link;
import dev.forno.linux.netlink.LinkRequests;
import dev.forno.linux.netlink.MacAddress;
import dev.forno.linux.netlink.NetlinkMessage;
import dev.forno.linux.netlink.RouteSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
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

    Sandboxes(Path directory, RouteSocket route) {
        this.directory = directory;
        this.route = route;
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

    /** Creates a container's namespace, connected; when that fails nothing is left. */
    void create(String containerId, Wiring wiring) throws IOException {
        Files.createDirectories(directory);
        Path file = file(containerId);
        if (Files.exists(file)) { // no endpoint is known for it, so it is what a crash left
            remove(containerId);
        }
        String port = portName(containerId);
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

    /** Removes a container's interface and namespace, going on past failures; fine when there is none. */
    void remove(String containerId) throws IOException {
        IOException failure = null;
        try {
            Devices.delete(route, portName(containerId));
        } catch (ErrnoException e) {
            failure = e;
        }
        try {
            NetworkNamespace.delete(file(containerId));
        } catch (IOException e) {
            if (failure != null) {
                e.addSuppressed(failure);
            }
            failure = e;
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Removes every namespace of the directory, and every port of the bridges, that belongs to none of the containers. */
    void removeOrphans(Set<String> containerIds, Set<Integer> bridges) throws IOException {
        for (String name : names()) {
            if (!containerIds.contains(name)) {
                remove(name);
            }
        }
        Set<String> ports = containerIds.stream().map(Sandboxes::portName).collect(Collectors.toSet());
        for (Link link : route.links()) {
            boolean ours = bridges.contains(link.master()) && link.name().startsWith(PORT_PREFIX);
            if (ours && link.kind().equals("veth") && !ports.contains(link.name())) {
                Devices.delete(route, link.name());
            }
        }
    }

    /** The name of the host's end: from the container's id, so that it can be found again without a record. */
    static String portName(String containerId) {
        String digits = containerId;
        if (!containerId.matches("[0-9a-f]{" + PORT_DIGITS + ",}")) {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(containerId.getBytes(StandardCharsets.UTF_8));
                digits = HexFormat.of().formatHex(hash);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
        return PORT_PREFIX + digits.substring(0, PORT_DIGITS);
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
