package dev.forno.network.hosts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.forno.oci.FornoException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FilesTest {
    private static final String HOST = """
            # made by hand
            nameserver 127.0.0.53
            nameserver 192.0.2.53
            nameserver 2001:db8::53
            domain old.example
            search a.example b.example
            options edns0 trust-ad
            """;

    private static String container(String host, List<String> dns, List<String> search, List<String> options) {
        return ResolvConf.parse(host).forContainer(dns, search, options).text();
    }

    @Test
    void leavesOutServersThatTheContainerCannotReach() {
        assertEquals("""
                nameserver 192.0.2.53
                search a.example b.example
                options edns0 trust-ad
                """, container(HOST, List.of(), List.of(), List.of()));
    }

    @Test
    void fallsBackToPublicServers() {
        assertEquals("""
                nameserver 8.8.8.8
                nameserver 8.8.4.4
                """, container("nameserver 127.0.0.1\n", List.of(), List.of(), List.of()));
    }

    @Test
    void takesWhatTheUserNames() {
        assertEquals("""
                nameserver 127.0.0.1
                search x.example
                options ndots:3
                """, container(HOST, List.of("127.0.0.1"), List.of("x.example"), List.of("ndots:3")));
        assertEquals("""
                nameserver 192.0.2.53
                options edns0 trust-ad
                """, container(HOST, List.of(), List.of("."), List.of()));
    }

    @Test
    void writesHosts() {
        assertEquals(
                """
                127.0.0.1\tlocalhost
                ::1\tlocalhost ip6-localhost ip6-loopback
                fe00::\tip6-localnet
                ff00::\tip6-mcastprefix
                ff02::1\tip6-allnodes
                ff02::2\tip6-allrouters
                10.0.0.9\tdb
                2001:db8::1\tsix
                172.17.0.1\thost.docker.internal
                172.17.0.2\tweb.example.org web
                """,
                HostsFile.text(
                        "172.17.0.2",
                        "web",
                        "example.org",
                        List.of("db:10.0.0.9", "six:2001:db8::1", "host.docker.internal=host-gateway"),
                        "172.17.0.1"));
    }

    @Test
    void writesTheShortNameOfAHostNameWithDomain() {
        String text = HostsFile.text("172.17.0.2", "web.example.org", "", List.of(), "");
        assertEquals("172.17.0.2\tweb.example.org web", text.lines().toList().getLast());
    }

    @Test
    void refusesHostsWithoutAddress() {
        for (String extra : List.of("db", "db:", ":10.0.0.1", "")) {
            assertThrows(FornoException.class, () -> HostsFile.text("", "web", "", List.of(extra), ""), extra);
        }
        assertThrows(FornoException.class, () -> HostsFile.text("", "web", "", List.of("h:host-gateway"), ""));
    }
}
