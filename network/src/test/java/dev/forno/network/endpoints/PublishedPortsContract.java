package dev.forno.network.endpoints;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.namespaces.NetworkNamespace;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link Networks} does with published ports, seen with real sockets. Needs root. */
public abstract class PublishedPortsContract extends NetworkFixture {
    /** For the suites of implementations. */
    protected PublishedPortsContract() {}

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
            assertTrue(TestServer.ask(client, OUTSIDE_HOST, port, "hi again").startsWith("second "));
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
}
