package dev.forno.network.endpoints;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forno.linux.namespaces.NetworkNamespace;
import dev.forno.linux.netlink.Ipv4Address;
import dev.forno.linux.netlink.Link;
import dev.forno.linux.netlink.LinkRequests;
import dev.forno.linux.netlink.MacAddress;
import dev.forno.linux.netlink.RouteSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Networks of an implementation, containers that are attached to them, and a machine beside the host. Needs root. */
public abstract class NetworkFixture {
    static final String OUTSIDE_HOST = "10.213.200.1";
    static final String OUTSIDE = "10.213.200.2";
    /** The name of the table in the packet filter. */
    protected static final String TABLE = "forno-contract";

    @TempDir
    Path directory;

    final List<AutoCloseable> open = new ArrayList<>();
    NetworkingConfig config;
    Networks networks;
    /** The devices that were there before the test. */
    protected Set<String> linksBefore = Set.of();

    /** For the suites of implementations. */
    protected NetworkFixture() {}

    /** Opens the implementation. */
    protected abstract Networks open(NetworkingConfig config);

    /** What the implementation has in the machine's packet filter under the name; empty when nothing. */
    protected abstract String packetFilter(String table);

    @BeforeEach
    void start() throws IOException {
        linksBefore = links();
        config = new NetworkingConfig(
                directory.resolve("netns"), TABLE, id -> Optional.of("name-of-" + id), new Random(7));
        networks = open(config);
        networks.ensure(new NetworkSpec("one", "fncone", "10.213.1.0/24", null, 0, false));
    }

    @AfterEach
    void leaveNothing() throws Exception {
        for (AutoCloseable closeable : open.reversed()) {
            closeable.close();
        }
        networks.recover(List.of(), List.of());
        for (Network network : networks.networks()) {
            networks.remove(network.name());
        }
        networks.close();
        assertEquals(linksBefore, links());
        assertEquals("", packetFilter(TABLE));
        try (Stream<Path> files = Files.list(Files.createDirectories(config.namespaces()))) {
            assertEquals(List.of(), files.toList());
        }
    }

    /** The devices that tests of this kind make. */
    static Set<String> links() throws IOException {
        try (RouteSocket route = RouteSocket.open()) {
            List<Link> links = route.links();
            Set<Integer> ours = links.stream()
                    .filter(link -> link.name().startsWith("fnc"))
                    .map(Link::index)
                    .collect(Collectors.toSet());
            return links.stream()
                    .filter(link -> ours.contains(link.index()) || ours.contains(link.master()))
                    .map(Link::name)
                    .collect(Collectors.toSet());
        }
    }

    static String id(int number) {
        return "c0ffee" + String.format("%05d", number) + "0".repeat(53);
    }

    /** Attaches a container that the test is rid of at its end. */
    protected final Endpoint attach(int number, PublishedPort... ports) {
        return attach("one", number, ports);
    }

    final Endpoint attach(String network, int number, PublishedPort... ports) {
        Endpoint endpoint =
                networks.attach(new EndpointSpec(id(number), "c" + number, network, null, null, List.of(ports)));
        open.add(() -> networks.detach(id(number)));
        return endpoint;
    }

    /** Answers on a port of the endpoint over TCP and UDP. */
    protected final void serve(Endpoint endpoint, String name, int port) throws IOException {
        open.add(TestServer.start(netns(endpoint), name, port));
    }

    static Path netns(Endpoint endpoint) {
        return Path.of(endpoint.netns());
    }

    /** The configuration of this test's networks. */
    protected final NetworkingConfig config() {
        return config;
    }

    /** Calls a published port from this machine. */
    protected static String call(int port) throws IOException {
        return TestServer.call("127.0.0.1", port, "hi");
    }

    /** The host's port of the endpoint's first published one. */
    protected static int port(Endpoint endpoint) {
        return endpoint.ports().getFirst().hostPort();
    }

    /** Any port of the host for this one of the container. */
    protected static PublishedPort any(int containerPort) {
        return PublishedPort.of("", 0, containerPort, Protocol.TCP);
    }

    /** Another machine: a namespace beside the host with a cable to it. */
    final Path outside() throws IOException {
        Path file = directory.resolve("outside");
        open.add(() -> NetworkNamespace.delete(file));
        NetworkNamespace.create(file, fd -> {
            try (RouteSocket inside = RouteSocket.open();
                    RouteSocket host = openOnHost()) {
                MacAddress mac = MacAddress.parse("02:00:00:00:00:02");
                host.execute(LinkRequests.createVeth("fncout", 0, 1500, "eth0", mac, fd), LinkRequests.up("fncout"));
                int hostIndex = host.link("fncout").orElseThrow().index();
                host.execute(LinkRequests.address(hostIndex, Ipv4Address.parse(OUTSIDE_HOST), 24));
                int index = inside.link("eth0").orElseThrow().index();
                inside.execute(
                        LinkRequests.address(index, Ipv4Address.parse(OUTSIDE), 24),
                        LinkRequests.up("eth0"),
                        LinkRequests.defaultRoute(index, Ipv4Address.parse(OUTSIDE_HOST)));
            }
            return file;
        });
        open.add(() -> {
            try (RouteSocket host = RouteSocket.open()) {
                host.execute(LinkRequests.delete("fncout"));
            }
        });
        return file;
    }

    static RouteSocket openOnHost() throws IOException {
        return NetworkNamespace.inside(
                Path.of("/proc/" + ProcessHandle.current().pid() + "/ns/net"), RouteSocket::open);
    }
}
