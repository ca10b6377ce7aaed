package dev.forno.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Addresses, names and published ports. */
class NetworkTest extends EndToEnd {
    private static final String PAGE = "mkdir -p /www && echo $PAGE > /www/index.html && exec httpd -f -p 80 -h /www";

    @Test
    void publishedPortsAnswerOnLoopback() {
        int port = Host.freePort();
        String id = docker.text("run", "-d", "-p", port + ":80", "-e", "PAGE=served", BUSYBOX, "sh", "-c", PAGE);
        assertEquals("served\n", Host.page("http://127.0.0.1:" + port + "/"));
        assertTrue(docker.text("port", id).contains("80/tcp -> 0.0.0.0:" + port));
        Command.Result result =
                docker.run("run", "-d", "-p", port + ":80", BUSYBOX, "true").exits(125);
        assertTrue(result.err().contains("port is already allocated"), result.err());
        docker.text("rm", "-f", id);
        String again = docker.text("run", "-d", "-p", port + ":80", "-e", "PAGE=again", BUSYBOX, "sh", "-c", PAGE);
        assertEquals("again\n", Host.page("http://127.0.0.1:" + port + "/"));
        docker.text("rm", "-f", again);
    }

    @Test
    void publishedPortsAnswerOnTheBridge() {
        int port = Host.freePort();
        docker.text("run", "-d", "-p", port + ":80", "-e", "PAGE=bridge", BUSYBOX, "sh", "-c", PAGE);
        Host.page("http://127.0.0.1:" + port + "/");
        String gateway = docker.text("run", "--rm", BUSYBOX, "sh", "-c", "ip route | awk '/default/ {print $3}'");
        assertEquals("bridge\n", Host.page("http://" + gateway + ":" + port + "/"));
        assertEquals("bridge", busybox("wget", "-qO-", "http://" + gateway + ":" + port + "/"));
    }

    @Test
    void rangesEphemeralPortsAndPublishAll() {
        int port = Host.freePort();
        String id = docker.text("run", "-d", "-p", "127.0.0.1::80", "-p", port + ":81/udp", BUSYBOX, "sleep", "600");
        String published = docker.text("port", id, "80");
        assertTrue(published.matches("127\\.0\\.0\\.1:\\d+"), published);
        String all = docker.text("run", "-d", "-P", "--expose", "7000-7001", BUSYBOX, "sleep", "600");
        assertTrue(docker.text("port", all, "7000").contains("0.0.0.0:"));
        assertTrue(docker.text("port", all, "7001").contains("0.0.0.0:"));
    }

    @Test
    void udpIsPublished() throws IOException {
        int port = Host.freePort();
        BaseImages.debian(docker);
        String echo = "use IO::Socket::INET; $s = IO::Socket::INET->new(LocalPort => 9, Proto => 'udp') or die;"
                + " while ($s->recv($d, 99)) { $s->send($d) }";
        docker.text("run", "-d", "-p", "127.0.0.1:" + port + ":9/udp", "debian:bookworm", "perl", "-e", echo);
        byte[] ping = "ping".getBytes(StandardCharsets.UTF_8);
        String echoed = Host.eventually("echo over UDP", () -> {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.setSoTimeout(500);
                socket.send(new DatagramPacket(ping, ping.length, InetAddress.getLoopbackAddress(), port));
                DatagramPacket answer = new DatagramPacket(new byte[16], 16);
                socket.receive(answer);
                return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new AssertionError(e.toString(), e);
            }
        });
        assertEquals("ping", echoed);
    }

    @Test
    void containersReachEachOtherByAddress() {
        String server = docker.text("run", "-d", "-e", "PAGE=peer", BUSYBOX, "sh", "-c", PAGE);
        String address = docker.inspect(server, "{{.NetworkSettings.Networks.bridge.IPAddress}}");
        assertEquals(
                "peer",
                docker.text(
                        "run",
                        "--rm",
                        BUSYBOX,
                        "sh",
                        "-c",
                        "for i in 1 2 3 4 5 6 7 8 9; do wget -qO- http://" + address
                                + "/ 2>/dev/null && exit 0; sleep 0.3; done; exit 1"));
    }

    @Test
    void networkNoneHostAndContainer() throws IOException {
        assertEquals("lo", docker.text("run", "--rm", "--network", "none", BUSYBOX, "ls", "/sys/class/net"));
        assertEquals(
                Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString(),
                docker.text("run", "--rm", "--network", "host", BUSYBOX, "readlink", "/proc/self/ns/net"));
        String id = docker.text("run", "-d", BUSYBOX, "sleep", "600");
        assertEquals(
                docker.text("exec", id, "readlink", "/proc/self/ns/net"),
                docker.text("run", "--rm", "--network", "container:" + id, BUSYBOX, "readlink", "/proc/self/ns/net"));
    }

    @Test
    void namesAndResolver() {
        String id = docker.text(
                "run",
                "-d",
                "-h",
                "oven",
                "--add-host",
                "peer:192.0.2.7",
                "--add-host",
                "gate:host-gateway",
                "--dns",
                "192.0.2.53",
                "--dns-search",
                "example.test",
                "--dns-option",
                "ndots:2",
                BUSYBOX,
                "sleep",
                "600");
        String hosts = docker.text("exec", id, "cat", "/etc/hosts");
        String address = docker.inspect(id, "{{.NetworkSettings.Networks.bridge.IPAddress}}");
        assertTrue(hosts.contains("192.0.2.7\tpeer"), hosts);
        assertTrue(hosts.contains(address + "\toven"), hosts);
        assertTrue(hosts.contains("\tgate"), hosts);
        String resolver = docker.text("exec", id, "cat", "/etc/resolv.conf");
        assertTrue(resolver.contains("nameserver 192.0.2.53"), resolver);
        assertTrue(resolver.contains("search example.test"), resolver);
        assertTrue(resolver.contains("options ndots:2"), resolver);
        assertEquals("oven", docker.text("exec", id, "cat", "/etc/hostname"));
    }

    @Test
    void networksAreListed() {
        assertEquals(
                "bridge bridge\nhost host\nnone null",
                docker.text("network", "ls", "--format", "{{.Name}} {{.Driver}}")
                        .lines()
                        .sorted()
                        .collect(java.util.stream.Collectors.joining("\n")));
        String id = docker.text("run", "-d", BUSYBOX, "sleep", "600");
        assertTrue(docker.inspect("bridge", "{{json .Containers}}").contains(id));
        assertNotEquals("", docker.inspect("bridge", "{{(index .IPAM.Config 0).Subnet}}"));
    }
}
