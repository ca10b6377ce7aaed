package dev.forno.network.endpoints;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.namespaces.NetworkNamespace;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link Networks} does, seen with real sockets. Needs root. */
public abstract class NetworkContract extends PublishedPortsContract {
    /** For the suites of implementations. */
    protected NetworkContract() {}

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

    @Test
    void closingLeavesOnlyWhatContainersNeed() throws IOException {
        NetworkSpec one = new NetworkSpec("one", "fncone", "10.213.1.0/24", null, 0, false);
        NetworkSpec two = new NetworkSpec("two", "fnctwo", "10.213.2.0/24", null, 0, false);
        networks.recover(List.of(one, two), List.of());
        Endpoint endpoint = attach(1, any(80));
        networks.close();
        assertEquals(Set.of("fncone"), withoutPorts(links()));
        assertFalse(packetFilter(TABLE).contains("10.213.2."), packetFilter(TABLE));

        networks = open(config);
        assertEquals(
                List.of(endpoint),
                networks.recover(List.of(one, two), List.of(endpoint)).kept());
        assertEquals(Set.of("fncone", "fnctwo"), withoutPorts(links()));
        networks.detach(endpoint.containerId());
        networks.close();
        assertEquals(linksBefore, links());
        assertEquals("", packetFilter(TABLE));
        networks = open(config);
    }

    private static Set<String> withoutPorts(Set<String> links) {
        return links.stream().filter(link -> link.startsWith("fnc")).collect(Collectors.toSet());
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
