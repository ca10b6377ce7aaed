package dev.forno.linux.nftables;

import static dev.forno.linux.nftables.Expressions.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.namespaces.NetworkNamespace;
import dev.forno.linux.netlink.Ipv4Address;
import dev.forno.linux.nftables.Batch.Field;
import dev.forno.linux.nftables.Batch.Hook;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the kernel, in a namespace of its own. */
class NetfilterSocketTest {
    private static final String TABLE = "fornotest";

    @TempDir
    Path directory;

    private NetfilterSocket socket;

    @BeforeEach
    void open() throws IOException {
        socket = NetworkNamespace.create(directory.resolve("ns"), fd -> NetfilterSocket.open());
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        NetworkNamespace.delete(directory.resolve("ns"));
    }

    private static byte[] port(int port) {
        return new byte[] {(byte) (port >> 8), (byte) port};
    }

    private static Element published(int port, String ip) {
        return Element.of(
                Element.concatenate(new byte[] {6}, port(port)),
                Element.concatenate(Ipv4Address.parse(ip).bytes(), port(80)));
    }

    private void table() throws IOException {
        socket.commit(new Batch(TABLE)
                .createTable()
                .createMap("ports", List.of(Field.PROTOCOL, Field.PORT), List.of(Field.ADDRESS, Field.PORT))
                .createSet("same", List.of(Field.INTERFACE, Field.INTERFACE))
                .createSet("bridges", List.of(Field.INTERFACE))
                .createIntervalSet("subnets", Field.ADDRESS)
                .createChain("published")
                .createChain("prerouting", "nat", Hook.PREROUTING, -100)
                .createChain("postrouting", "nat", Hook.POSTROUTING, 100)
                .createChain("forward", "filter", Hook.FORWARD, 0)
                .rule("published", meta(0, PROTOCOL), destinationPort(1), map(0, "ports"), translateDestination(0))
                .rule(
                        "prerouting",
                        destinationAddress(0),
                        isNotLoopback(0),
                        destinationKind(0),
                        isLocal(0),
                        jump("published"))
                .rule("postrouting", sourceAddress(0), in(0, "subnets"), masquerade())
                .rule("postrouting", status(0), mask(0, DESTINATION_TRANSLATED), isNotZero(0), masquerade())
                .rule("forward", state(0), mask(0, ESTABLISHED_OR_RELATED), isNotZero(0), accept())
                .rule("forward", meta(0, IN_NAME), meta(4, OUT_NAME), in(0, "same"), accept())
                .rule("forward", sourceAddress(0), notIn(0, "subnets"), drop()));
    }

    private String nft(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("nsenter", "--net=" + directory.resolve("ns"), "nft"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        return text;
    }

    @Test
    void isWhatNftUnderstands() throws Exception {
        table();
        socket.commit(new Batch(TABLE)
                .add("ports", List.of(published(8080, "172.17.0.2")))
                .add("bridges", List.of(Element.of(Batch.interfaceName("br0"))))
                .add(
                        "same",
                        List.of(Element.of(
                                Element.concatenate(Batch.interfaceName("br0"), Batch.interfaceName("br0")))))
                .add(
                        "subnets",
                        List.of(
                                Element.of(Ipv4Address.parse("10.1.0.0").bytes()),
                                Element.endOf(Ipv4Address.parse("10.2.0.0").bytes()))));
        assertEquals("""
                table ip fornotest {
                	map ports {
                		type inet_proto . inet_service : ipv4_addr . inet_service
                		elements = { tcp . 8080 : 172.17.0.2 . 80 }
                	}

                	set same {
                		type ifname . ifname
                		elements = { "br0" . "br0" }
                	}

                	set bridges {
                		type ifname
                		elements = { "br0" }
                	}

                	set subnets {
                		type ipv4_addr
                		flags interval
                		elements = { 10.1.0.0/16 }
                	}

                	chain published {
                		dnat ip to meta l4proto . th dport map @ports
                	}

                	chain prerouting {
                		type nat hook prerouting priority dstnat; policy accept;
                		ip daddr != 127.0.0.0/8 fib daddr type local jump published
                	}

                	chain postrouting {
                		type nat hook postrouting priority srcnat; policy accept;
                		ip saddr @subnets masquerade
                		ct status dnat masquerade
                	}

                	chain forward {
                		type filter hook forward priority filter; policy accept;
                		ct state established,related accept
                		iifname . oifname @same accept
                		ip saddr != @subnets drop
                	}
                }
                """, nft("list", "table", "ip", TABLE));
    }

    @Test
    void listsWhatWasAdded() throws Exception {
        table();
        List<Element> many = new ArrayList<>();
        for (int port = 1000; port < 4000; port++) {
            many.add(published(port, "172.17.0.2"));
        }
        socket.commit(new Batch(TABLE).add("ports", many));
        assertEquals(new HashSet<>(many), new HashSet<>(socket.elements(TABLE, "ports")));
        socket.commit(new Batch(TABLE).delete("ports", many));
        assertEquals(List.of(), socket.elements(TABLE, "ports"));
    }

    @Test
    void refusesAnElementWithAnotherValueAndChangesNothing() throws Exception {
        table();
        socket.commit(new Batch(TABLE).add("ports", List.of(published(80, "172.17.0.2"))));
        Batch clash = new Batch(TABLE)
                .add("ports", List.of(published(81, "172.17.0.3")))
                .add("ports", List.of(published(80, "172.17.0.3")));
        ErrnoException e = assertThrows(ErrnoException.class, () -> socket.commit(clash));
        assertEquals(ErrnoException.EEXIST, e.errno());
        assertTrue(e.toString().contains("add elements to ports"), e.toString());
        assertEquals(List.of(published(80, "172.17.0.2")), socket.elements(TABLE, "ports"));
    }

    @Test
    void deletesTheTable() throws Exception {
        table();
        assertTrue(nft("list", "tables").contains("table ip " + TABLE));
        socket.commit(new Batch(TABLE).deleteTable());
        assertEquals("", nft("list", "ruleset"));
    }
}
