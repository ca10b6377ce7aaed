package dev.forno.network.endpoints;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.namespaces.NetworkNamespace;
import dev.forno.linux.netlink.Ipv4Address;
import dev.forno.linux.netlink.Link;
import dev.forno.linux.netlink.LinkRequests;
import dev.forno.linux.netlink.MacAddress;
import dev.forno.linux.netlink.RouteSocket;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every implementation of {@link Networks} does, seen with real sockets. Needs root. */
public abstract class NetworkContract {
    private static final String OUTSIDE_HOST = "10.213.200.1";
    private static final String OUTSIDE = "10.213.200.2";
    /** The name of the table in the packet filter. */
    protected static final String TABLE = "forno-contract";

    @TempDir
    Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();
    private NetworkingConfig config;
    private Networks networks;
    private Set<String> linksBefore;

    /** For the suites of implementations. */
    protected NetworkContract() {}

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
    private static Set<String> links() throws IOException {
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

    private static String id(int number) {
        return "c0ffee" + String.format("%05d", number) + "0".repeat(53);
    }

    /** Attaches a container that the test is rid of at its end. */
    protected final Endpoint attach(int number, PublishedPort... ports) {
        return attach("one", number, ports);
    }

    private Endpoint attach(String network, int number, PublishedPort... ports) {
        Endpoint endpoint =
                networks.attach(new EndpointSpec(id(number), "c" + number, network, null, null, List.of(ports)));
        open.add(() -> networks.detach(id(number)));
        return endpoint;
    }

    /** Answers on a port of the endpoint over TCP and UDP. */
    protected final void serve(Endpoint endpoint, String name, int port) throws IOException {
        open.add(TestServer.start(netns(endpoint), name, port));
    }

    private static Path netns(Endpoint endpoint) {
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
    private Path outside() throws IOException {
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

    private static RouteSocket openOnHost() throws IOException {
        return NetworkNamespace.inside(
                Path.of("/proc/" + ProcessHandle.current().pid() + "/ns/net"), RouteSocket::open);
    }

    @Test
    void givesAddressesInOrderAndAgain() {
        Endpoint first = attach(1);
        Endpoint second = attach(2);
        assertEquals("10.213.1.2", first.ip());
        assertEquals("02:42:0a:d5:01:02", first.mac());
        assertEquals("10.213.1.1", first.gateway());
        assertEquals(24, first.prefixLength());
        assertEquals("eth0", first.interfaceName());
        assertTrue(first.id().matches("[0-9a-f]{64}"));
        assertEquals("10.213.1.3", second.ip());
    }

    @Test
    void givesAddressesAgain() {
        networks.ensure(new NetworkSpec("small", "fncsmall", "10.213.9.0/30", null, 0, false));
        assertEquals("10.213.9.2", attach("small", 1).ip());
        EndpointSpec second = new EndpointSpec(id(2), "c2", "small", null, null, List.of());
        assertEquals(
                ErrorKind.RESOURCE_EXHAUSTED,
                assertThrows(FornoException.class, () -> networks.attach(second))
                        .kind());
        networks.detach(id(1));
        assertEquals("10.213.9.2", attach("small", 1).ip(), "for the same container again, as at a restart");
        networks.detach(id(1));
        assertEquals("10.213.9.2", attach("small", 2).ip());
    }

    @Test
    void givesTheAddressAskedFor() {
        Endpoint endpoint =
                networks.attach(new EndpointSpec(id(1), "c1", "one", "10.213.1.77", "02:42:00:00:00:77", List.of()));
        open.add(() -> networks.detach(id(1)));
        assertEquals("10.213.1.77", endpoint.ip());
        assertEquals("02:42:00:00:00:77", endpoint.mac());
        EndpointSpec same = new EndpointSpec(id(2), "c2", "one", "10.213.1.77", null, List.of());
        assertEquals(
                ErrorKind.CONFLICT,
                assertThrows(FornoException.class, () -> networks.attach(same)).kind());
        EndpointSpec foreign = new EndpointSpec(id(2), "c2", "one", "10.9.9.9", null, List.of());
        assertEquals(
                ErrorKind.INVALID_ARGUMENT,
                assertThrows(FornoException.class, () -> networks.attach(foreign))
                        .kind());
    }

    @Test
    void connectsContainersOfANetwork() throws IOException {
        Endpoint server = attach(1);
        Endpoint client = attach(2);
        serve(server, "server", 80);
        assertEquals("server 10.213.1.3 hi", TestServer.call(netns(client), server.ip(), 80, "hi"));
        assertEquals("server 10.213.1.1 hi", TestServer.call(server.ip(), 80, "hi"));
        assertEquals("server 127.0.0.1 hi", TestServer.call(netns(server), "127.0.0.1", 80, "hi"));
    }

    @Test
    void publishesToTheHost() throws IOException {
        Endpoint server = attach(1, any(80));
        serve(server, "server", 80);
        assertEquals("server 10.213.1.1 hi", TestServer.call("127.0.0.1", port(server), "hi"));
        assertTrue(TestServer.call("10.213.1.1", port(server), "hi").startsWith("server "));
    }

    @Test
    void publishesOverIpv6() throws IOException {
        Endpoint server = attach(1, any(80), PublishedPort.of("", 0, 53, Protocol.UDP));
        serve(server, "server", 80);
        open.add(TestServer.start(netns(server), "dns", 53));
        assertEquals("server 10.213.1.1 hi", TestServer.call("::1", port(server), "hi"));
        int udp = server.ports().getLast().hostPort();
        assertEquals("dns 10.213.1.1 hi", TestServer.callUdp("::1", udp, "hi"));
    }

    @Test
    void publishesToOtherMachines() throws IOException {
        Path outside = outside();
        Endpoint server = attach(1, any(80));
        serve(server, "server", 80);
        assertEquals(
                "server " + OUTSIDE + " hi",
                TestServer.call(outside, OUTSIDE_HOST, port(server), "hi"),
                "with the caller's own address");
    }

    @Test
    void publishesDatagrams() throws IOException {
        Path outside = outside();
        Endpoint server = attach(1, PublishedPort.of("", 0, 53, Protocol.UDP));
        serve(server, "dns", 53);
        assertEquals("dns 10.213.1.1 hi", TestServer.callUdp("127.0.0.1", port(server), "hi"));
        String answer = NetworkNamespace.inside(outside, () -> TestServer.callUdp(OUTSIDE_HOST, port(server), "hi"));
        assertEquals("dns " + OUTSIDE + " hi", answer);
    }

    @Test
    void leadsAClientThatGoesOnSendingToTheNewContainer() throws IOException {
        Path outside = outside();
        int port;
        try (DatagramSocket probe = new DatagramSocket(0)) {
            port = probe.getLocalPort();
        }
        PublishedPort published = PublishedPort.of("", port, 53, Protocol.UDP);
        try (DatagramSocket client = NetworkNamespace.inside(outside, () -> new DatagramSocket())) {
            TestServer.send(client, OUTSIDE_HOST, port, "nobody is there yet");
            serve(attach(1, published), "first", 53);
            assertTrue(TestServer.ask(client, OUTSIDE_HOST, port, "hi").startsWith("first "));
            networks.detach(id(1));
            networks.close(); // until the interface is gone
            networks = open(config);
            networks.recover(List.of(new NetworkSpec("one", "fncone", "10.213.1.0/24", null, 0, false)), List.of());
            attach(3); // the old address is another's now
            serve(attach(2, published), "second", 53);
            assertTrue(TestServer.ask(client, OUTSIDE_HOST, port, "hi").startsWith("second "));
        }
    }

    @Test
    void publishesToContainersAndTheContainerItself() throws IOException {
        Path outside = outside();
        Endpoint server = attach(1, any(80));
        Endpoint client = attach(2);
        serve(server, "server", 80);
        for (String host : List.of(server.gateway(), OUTSIDE_HOST)) {
            assertTrue(TestServer.call(netns(client), host, port(server), "hi").startsWith("server "), host);
            assertTrue(TestServer.call(netns(server), host, port(server), "hi").startsWith("server "), host);
        }
        networks.ensure(new NetworkSpec("two", "fnctwo", "10.213.2.0/24", null, 0, false));
        Endpoint other = attach("two", 3);
        assertTrue(
                TestServer.call(netns(other), OUTSIDE_HOST, port(server), "hi").startsWith("server "));
        assertTrue(Files.exists(outside));
    }

    @Test
    void publishesOnOneAddressOnly() throws IOException {
        Path outside = outside();
        Endpoint server = attach(1, PublishedPort.of("127.0.0.1", 0, 80, Protocol.TCP));
        serve(server, "server", 80);
        assertEquals(List.of(new BoundPort("127.0.0.1", port(server), 80, Protocol.TCP)), server.ports());
        assertTrue(TestServer.call("127.0.0.1", port(server), "hi").startsWith("server "));
        assertThrows(IOException.class, () -> TestServer.call(outside, OUTSIDE_HOST, port(server), "hi"));
        assertThrows(IOException.class, () -> TestServer.call("10.213.1.1", port(server), "hi"));
    }

    @Test
    void takesTheFirstFreePortOfARange() throws IOException {
        try (ServerSocket foreign = new ServerSocket(0)) {
            int taken = foreign.getLocalPort();
            Endpoint endpoint = attach(1, new PublishedPort("", taken, taken + 20, 80, Protocol.TCP));
            assertTrue(port(endpoint) > taken && port(endpoint) <= taken + 20, endpoint.toString());
            assertEquals(2, endpoint.ports().size());
            assertEquals("0.0.0.0", endpoint.ports().getFirst().hostIp());
            assertEquals("::", endpoint.ports().getLast().hostIp());
            assertEquals(port(endpoint), endpoint.ports().getLast().hostPort());
        }
    }

    @Test
    void saysWhichContainerHoldsAPort() {
        int port = port(attach(1, any(80)));
        FornoException e =
                assertThrows(FornoException.class, () -> attach(2, PublishedPort.of("", port, 80, Protocol.TCP)));
        assertTrue(
                e.getMessage()
                        .matches("driver failed programming external connectivity on endpoint c2 \\([0-9a-f]{64}\\): "
                                + "Bind for 0.0.0.0:" + port + " failed: port is already allocated "
                                + "\\(held by container name-of-" + id(1) + "\\)"),
                e.getMessage());
        assertEquals("10.213.1.3", attach(2).ip(), "the failed attempt left nothing taken");
    }

    @Test
    void saysWhichProcessHoldsAPort() throws IOException {
        try (ServerSocket foreign = new ServerSocket(0);
                DatagramSocket udp = new DatagramSocket(0)) {
            refused(foreign.getLocalPort(), Protocol.TCP);
            refused(udp.getLocalPort(), Protocol.UDP);
        }
    }

    private void refused(int port, Protocol protocol) {
        FornoException e =
                assertThrows(FornoException.class, () -> attach(1, PublishedPort.of("", port, 80, protocol)));
        assertTrue(
                e.getMessage()
                        .endsWith(
                                "Bind for 0.0.0.0:" + port + " failed: port is already allocated (held by process java"
                                        + ", pid " + ProcessHandle.current().pid() + ")"),
                e.getMessage());
    }

    @Test
    void keepsPortsFromOtherProcesses() {
        int port = port(attach(1, any(80)));
        assertThrows(IOException.class, () -> new ServerSocket(port).close());
        networks.detach(id(1));
        int free = port;
        org.junit.jupiter.api.Assertions.assertDoesNotThrow(() -> new ServerSocket(free).close());
    }

    @Test
    void refusesAddressesThatAreNotTheHosts() {
        FornoException e = assertThrows(
                FornoException.class, () -> attach(1, PublishedPort.of("10.213.99.9", 8080, 80, Protocol.TCP)));
        assertTrue(e.getMessage().endsWith("cannot assign requested address"), e.getMessage());
    }

    @Test
    void reachesOtherMachinesWithTheHostsAddress() throws IOException {
        Path outside = outside();
        open.add(TestServer.start(outside, "world", 8080));
        Endpoint client = attach(1);
        assertEquals("world " + OUTSIDE_HOST + " hi", TestServer.call(netns(client), OUTSIDE, 8080, "hi"));
    }

    @Test
    void separatesNetworksAndMachines() throws IOException {
        Path outside = outside();
        networks.ensure(new NetworkSpec("two", "fnctwo", "10.213.2.0/24", null, 0, false));
        Endpoint server = attach("one", 1);
        Endpoint other = attach("two", 2);
        serve(server, "server", 80);
        assertDropped(netns(other), server.ip());
        assertDropped(outside, server.ip());
    }

    private static void assertDropped(Path netns, String ip) {
        assertThrows(
                SocketTimeoutException.class,
                () -> NetworkNamespace.inside(netns, () -> {
                    try (Socket socket = new Socket()) {
                        socket.connect(new java.net.InetSocketAddress(InetAddress.ofLiteral(ip), 80), 300);
                    }
                    return ip;
                }));
    }

    @Test
    void keepsInternalNetworksInside() throws IOException {
        Path outside = outside();
        open.add(TestServer.start(outside, "world", 80));
        networks.ensure(new NetworkSpec("inner", "fncinner", "10.213.3.0/24", null, 0, true));
        Endpoint server = attach("inner", 1);
        Endpoint client = attach("inner", 2);
        serve(server, "server", 80);
        assertEquals("", client.gateway());
        assertEquals("server 10.213.3.3 hi", TestServer.call(netns(client), server.ip(), 80, "hi"));
        assertThrows(IOException.class, () -> TestServer.call(netns(client), OUTSIDE, 80, "hi"));
    }

    @Test
    void attachesManyAtOnce() throws Exception {
        List<Callable<Endpoint>> tasks = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            tasks.add(() ->
                    networks.attach(new EndpointSpec(id(number), "c" + number, "one", null, null, List.of(any(80)))));
        }
        Set<String> ips = new HashSet<>();
        Set<Integer> ports = new HashSet<>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Endpoint> future : executor.invokeAll(tasks)) {
                ips.add(future.get().ip());
                ports.add(port(future.get()));
            }
            assertEquals(20, ips.size());
            assertEquals(20, ports.size());
            List<Callable<Object>> ends = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                int number = i;
                ends.add(Executors.callable(() -> networks.detach(id(number))));
            }
            for (Future<Object> future : executor.invokeAll(ends)) {
                future.get();
            }
        }
    }

    @Test
    void detachesCompletely() throws IOException {
        Endpoint endpoint = attach(1, any(80), PublishedPort.of("127.0.0.1", 0, 81, Protocol.UDP));
        String before = packetFilter(TABLE);
        assertTrue(before.contains("10.213.1.2 . 80") && before.contains("10.213.1.2 . 81"), before);
        networks.detach(id(1));
        assertFalse(Files.exists(netns(endpoint)));
        assertFalse(packetFilter(TABLE).contains("10.213.1.2"), packetFilter(TABLE));
        networks.detach(id(1));
        networks.detach("unknown");
        networks.close(); // waits for the interface
        assertEquals(Set.of("fncone"), links());
        networks = open(config);
    }

    @Test
    void refusesASecondEndpointAndAnUnknownNetwork() {
        attach(1);
        EndpointSpec again = new EndpointSpec(id(1), "c1", "one", null, null, List.of());
        assertEquals(
                ErrorKind.ALREADY_EXISTS,
                assertThrows(FornoException.class, () -> networks.attach(again)).kind());
        EndpointSpec lost = new EndpointSpec(id(2), "c2", "nowhere", null, null, List.of());
        assertEquals(
                ErrorKind.NOT_FOUND,
                assertThrows(FornoException.class, () -> networks.attach(lost)).kind());
    }

    @Test
    void doesNotRemoveANetworkInUse() {
        attach(1);
        assertEquals(
                ErrorKind.CONFLICT,
                assertThrows(FornoException.class, () -> networks.remove("one")).kind());
    }

    @Test
    void survivesTheEngine() throws IOException {
        Endpoint server = attach(1, any(80));
        Endpoint orphan = attach(2, any(80));
        serve(server, "server", 80);
        List<NetworkSpec> specs =
                networks.networks().stream().map(Network::spec).toList();
        networks.close(); // as the kernel does when the engine is killed
        assertEquals("server 10.213.1.1 hi", TestServer.call("127.0.0.1", port(server), "hi"), "while it is down");

        networks = open(config);
        Recovery recovery = networks.recover(specs, List.of(server, lostEndpoint()));
        assertEquals(List.of(server), recovery.kept());
        assertEquals(List.of(lostEndpoint()), recovery.lost());
        assertEquals(List.of(), recovery.warnings());
        assertEquals("server 10.213.1.1 hi", TestServer.call("127.0.0.1", port(server), "hi"));
        assertEquals("server 10.213.1.1 hi", TestServer.call("::1", port(server), "hi"));
        assertThrows(IOException.class, () -> new ServerSocket(port(server)).close(), "held again");
        assertFalse(Files.exists(netns(orphan)));
        assertFalse(packetFilter(TABLE).contains("10.213.1.3"), packetFilter(TABLE));
        assertEquals("10.213.1.3", attach(3).ip(), "the address of the orphan is free, the adopted one's is not");
    }

    private Endpoint lostEndpoint() {
        return new Endpoint(
                "0".repeat(64),
                id(9),
                "one",
                config.namespaces().resolve(id(9)).toString(),
                "eth0",
                "10.213.1.9",
                24,
                "10.213.1.1",
                "02:42:0a:d5:01:09",
                List.of());
    }

    @Test
    void saysWhatItCannotHoldAgain() throws IOException {
        Endpoint server = attach(1, any(80));
        serve(server, "server", 80);
        List<NetworkSpec> specs =
                networks.networks().stream().map(Network::spec).toList();
        networks.close();
        try (ServerSocket thief = new ServerSocket(port(server))) {
            networks = open(config);
            Recovery recovery = networks.recover(specs, List.of(server));
            assertEquals(1, recovery.warnings().size(), recovery.toString());
            assertTrue(recovery.warnings().getFirst().contains("port is already allocated (held by process java"));
            assertEquals("server 10.213.1.1 hi", TestServer.call("127.0.0.1", thief.getLocalPort(), "hi"));
        }
    }

    @Test
    void choosesAFreeSubnet() {
        Network network = networks.ensure(NetworkSpec.bridge("free", "fncfree"));
        assertTrue(network.subnet().matches("172\\.(1[7-9]|2\\d|3[01])\\.0\\.0/16|192\\.168\\.\\d+\\.0/20"));
        assertEquals(network, networks.ensure(NetworkSpec.bridge("free", "fncfree")));
        networks.remove("free");
        Network named = networks.ensure(new NetworkSpec("named", "fncnamed", "10.213.7.5/24", null, 1400, false));
        assertEquals(new Network("named", "fncnamed", "10.213.7.0/24", "10.213.7.5", 1400, false), named);
        assertEquals("10.213.7.1", attach("named", 1).ip());
    }
}
