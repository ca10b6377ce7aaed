package dev.forno.linux.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.namespaces.NetworkNamespace;
import dev.forno.linux.netlink.RouteSocket.DeviceAddress;
import dev.forno.linux.netlink.RouteSocket.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the kernel, in a namespace of its own. */
class RouteSocketTest {
    private static final MacAddress MAC = MacAddress.parse("02:42:0a:00:00:02");

    @TempDir
    Path directory;

    private Path file;
    private RouteSocket route;

    @BeforeEach
    void open() throws IOException {
        file = directory.resolve("ns");
        route = NetworkNamespace.create(file, fd -> RouteSocket.open());
    }

    @AfterEach
    void close() throws IOException {
        route.close();
        NetworkNamespace.delete(file);
        assertFalse(Files.exists(file));
    }

    private Link link(String name) throws IOException {
        return route.link(name).orElseThrow();
    }

    @Test
    void connectsTwoNamespaces() throws IOException {
        route.execute(
                LinkRequests.createBridge("br0", MacAddress.parse("02:42:00:00:00:01"), 1400),
                LinkRequests.alias("br0", "mine"),
                LinkRequests.up("br0"));
        Link bridge = link("br0");
        assertEquals(new Link(bridge.index(), "br0", 0, "bridge", true, 1400, "mine"), bridge);
        Path peer = directory.resolve("peer");
        NetworkNamespace.create(peer, fd -> {
            route.execute(LinkRequests.createVeth("veth0", bridge.index(), 1400, "eth0", MAC, fd));
            try (RouteSocket inside = RouteSocket.open()) {
                Link eth0 = inside.link("eth0").orElseThrow();
                assertEquals(1400, eth0.mtu());
                inside.execute(
                        LinkRequests.address(eth0.index(), Ipv4Address.parse("10.0.0.2"), 24),
                        LinkRequests.up("eth0"),
                        LinkRequests.defaultRoute(eth0.index(), Ipv4Address.parse("10.0.0.1")));
                assertEquals(
                        List.of(new DeviceAddress(eth0.index(), Ipv4Address.parse("10.0.0.2"), 24)),
                        inside.addresses());
                assertEquals(List.of(new Route(Ipv4Prefix.parse("10.0.0.0/24"), eth0.index())), inside.routes());
            }
            return fd;
        });
        assertEquals(bridge.index(), link("veth0").master());
        route.execute(LinkRequests.hairpin(link("veth0").index()));
        route.execute(LinkRequests.group("veth0", 5), LinkRequests.deleteGroup(5));
        assertEquals(Optional.empty(), route.link("veth0"));
        NetworkNamespace.delete(peer);
    }

    @Test
    void goesOnAfterARefusalAndNamesIt() throws IOException {
        ErrnoException e = assertThrows(
                ErrnoException.class,
                () -> route.execute(LinkRequests.delete("nothing"), LinkRequests.createBridge("br0", MAC, 1500)));
        assertEquals(ErrnoException.ENODEV, e.errno());
        assertTrue(e.toString().contains("delete link nothing"), e.toString());
        assertTrue(route.link("br0").isPresent());
    }

    @Test
    void givesTheKernelsOwnExplanation() {
        ErrnoException e = assertThrows(
                ErrnoException.class,
                () -> route.execute(
                        LinkRequests.up("lo"), LinkRequests.defaultRoute(1, Ipv4Address.parse("10.0.0.1"))));
        assertTrue(e.toString().contains("Nexthop has invalid gateway"), e.toString());
    }

    @Test
    void listsLinks() throws IOException {
        assertEquals(
                List.of("lo"),
                route.links().stream().map(Link::name).filter("lo"::equals).toList());
        assertEquals(Optional.empty(), route.link("nothing"));
    }

    @Test
    void leavesNothingWhenTheSetupFails() {
        Path failed = directory.resolve("failed");
        IOException e = assertThrows(
                IOException.class,
                () -> NetworkNamespace.create(failed, fd -> {
                    throw new IOException("no");
                }));
        assertEquals("no", e.getMessage());
        assertFalse(Files.exists(failed));
        assertFalse(NetworkNamespace.exists(failed));
    }

    @Test
    void worksInsideAndNotOutside() throws IOException {
        route.execute(LinkRequests.createBridge("fnonlyhere", MAC, 1500));
        try (RouteSocket inside = NetworkNamespace.inside(file, RouteSocket::open);
                RouteSocket outside = RouteSocket.open()) {
            assertTrue(inside.link("fnonlyhere").isPresent());
            assertTrue(outside.link("fnonlyhere").isEmpty());
        }
    }

    @Test
    void refusesAFileThatIsNoNamespace() throws IOException {
        Path plain = Files.createFile(directory.resolve("plain"));
        assertFalse(NetworkNamespace.exists(plain));
        assertThrows(IOException.class, () -> NetworkNamespace.inside(plain, () -> 1));
        NetworkNamespace.delete(plain);
        assertFalse(Files.exists(plain));
    }
}
