package dev.forno.registry.hosts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import dev.forno.registry.certificates.CertificateFolders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostsTest {
    @TempDir
    private Path folder;

    private Hosts hosts(String... insecure) {
        return new Hosts(
                new CertificateFolders(List.of(folder.resolve("certs.d"), folder.resolve("more.d"))),
                List.of(folder.resolve("missing.conf"), folder.resolve("registries.conf")),
                new InsecureRegistries(Set.of(insecure)),
                List.of("https://hub-mirror.example"));
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static List<String> shown(List<Host> hosts) {
        return hosts.stream()
                .map(host -> host.bases().getFirst() + host.root() + "/" + host.repository())
                .toList();
    }

    private List<Host> of(String reference) {
        return hosts().of(Reference.parse(reference));
    }

    @Test
    void leadsToTheRegistryItself() {
        assertEquals(List.of("https://r.example:5000/v2/a/b"), shown(of("r.example:5000/a/b:1")));
        assertEquals(
                List.of("https://hub-mirror.example/v2/library/nginx", "https://registry-1.docker.io/v2/library/nginx"),
                shown(of("nginx")));
        assertEquals("docker.io", Addresses.ofServer("https://index.docker.io/v1/"));
        assertEquals("127.0.0.1:5000", Addresses.ofServer("127.0.0.1:5000"));
    }

    @Test
    void speaksPlainHttpOnlyToLoopbackAndInsecureRegistries() {
        assertTrue(Addresses.isLoopback(URI.create("http://127.8.9.1:5000")));
        assertTrue(Addresses.isLoopback(URI.create("http://[::1]:5000")));
        assertTrue(Addresses.isLoopback(URI.create("http://localhost")));
        assertFalse(Addresses.isLoopback(URI.create("http://127.evil.example")));
        Host loopback = of("127.0.0.1:5000/x").getFirst();
        assertEquals(
                List.of(URI.create("http://127.0.0.1:5000"), URI.create("https://127.0.0.1:5000")), loopback.bases());
        for (String entry : List.of("10.1.2.3:5000", "10.1.2.3", "10.0.0.0/8", "http://10.1.2.3:5000")) {
            Host host = hosts(entry).of(Reference.parse("10.1.2.3:5000/x")).getFirst();
            assertEquals(
                    List.of("https", "http"),
                    host.bases().stream().map(URI::getScheme).toList(),
                    entry);
            assertFalse(host.trust().verified(), entry);
        }
        Host other = hosts("10.0.0.0/9", "r.example")
                .of(Reference.parse("10.200.2.3:5000/x"))
                .getFirst();
        assertEquals(1, other.bases().size());
        assertTrue(other.trust().verified());
        assertThrows(FornoException.class, () -> new InsecureRegistries(Set.of("10.0.0.0/99")));
        assertTrue(AddressRange.parse("fd00::/8").orElseThrow().contains(InetAddress.ofLiteral("fd12::1")));
    }

    @Test
    void followsRegistriesConf() throws IOException {
        write("registries.conf", """
                unqualified-search-registries = ["quay.example"]
                [[registry]]
                prefix = "r.example/team"
                location = "inner.example/group"
                [[registry.mirror]]
                location = "m1.example/cache/"
                [[registry.mirror]]
                location = "127.0.0.1:5001"
                insecure = true
                pull-from-mirror = "digest-only"
                [[registry]]
                location = "r.example"
                [[registry]]
                prefix = "*.wild.example"
                location = "all.example/wild"
                [[registry]]
                prefix = "r.example/bad"
                blocked = true
                """);
        write("registries.conf.d/10-more.conf", "[[registry]]\nlocation = \"late.example\"\ninsecure = true\n");
        assertEquals(
                List.of("https://m1.example/v2/cache/app", "https://inner.example/v2/group/app"),
                shown(of("r.example/team/app:1")));
        assertEquals(
                List.of(
                        "https://m1.example/v2/cache/app",
                        "http://127.0.0.1:5001/v2/app",
                        "https://inner.example/v2/group/app"),
                shown(of("r.example/team/app@" + Digest.of(new byte[0]))));
        assertEquals(List.of("https://r.example/v2/teamwork/app"), shown(of("r.example/teamwork/app")));
        assertEquals(List.of("https://all.example/v2/wild/x/y"), shown(of("a.wild.example/x/y")));
        assertFalse(of("late.example/x").getFirst().trust().verified());
        // Short names stay Docker's.
        assertEquals(
                "https://registry-1.docker.io/v2/library/nginx",
                shown(of("nginx")).getLast());
        FornoException e = assertThrows(FornoException.class, () -> of("r.example/bad/x"));
        assertEquals(ErrorKind.PERMISSION_DENIED, e.kind());
        assertEquals("registry r.example/bad is blocked in " + folder.resolve("registries.conf"), e.getMessage());
    }

    @Test
    void saysWhatIsWrongInAFile() throws IOException {
        write("registries.conf", "[[registry]]\nlocation = 5\n");
        FornoException e = assertThrows(FornoException.class, () -> of("r.example/x"));
        assertEquals(
                "read " + folder.resolve("registries.conf") + ": registry.location: expected a string", e.getMessage());
        write("registries.conf", "[[registry]\n");
        assertTrue(assertThrows(FornoException.class, () -> of("r.example/x"))
                .getMessage()
                .startsWith("read " + folder.resolve("registries.conf") + ": "));
        write("registries.conf", "[registries.search]\nregistries = ['a']\n");
        assertTrue(assertThrows(FornoException.class, () -> of("r.example/x"))
                .getMessage()
                .contains("version 2"));
    }

    @Test
    void followsHostsToml() throws IOException {
        write("more.d/r.example_5000_/hosts.toml", """
                server = "https://upstream.example:8443/base"

                [host."http://first.example"]
                  capabilities = ["pull", "resolve"]
                  [host."http://first.example".header]
                    X-Key = ["a", "b"]

                [host."https://second.example/proxy/path"]
                  capabilities = ["pull"]
                  override_path = true
                  skip_verify = true
                  ca = "ca.pem"
                  client = [["c.pem", "k.pem"], ["both.pem", ""]]

                [host."https://a.example/v2"]
                  client = ["one.pem", "two.pem"]
                """);
        List<Host> hosts = of("r.example:5000/x");
        assertEquals(
                List.of(
                        "http://first.example/v2/x",
                        "https://second.example/proxy/path/x",
                        "https://a.example/v2/x",
                        "https://upstream.example:8443/base/v2/x"),
                shown(hosts));
        assertEquals("a, b", hosts.getFirst().headers().get("x-key"));
        assertEquals("r.example:5000", hosts.getFirst().namespace());
        assertEquals(Set.of(Capability.PULL), hosts.get(1).capabilities());
        assertFalse(hosts.get(1).trust().verified());
        Path own = folder.resolve("more.d/r.example_5000_");
        assertEquals(List.of(own.resolve("ca.pem")), hosts.get(1).trust().authorities());
        assertEquals(own.resolve("both.pem"), hosts.get(1).trust().keys().get(1).key());
        assertEquals(
                own.resolve("two.pem"), hosts.get(2).trust().keys().getFirst().key());
        assertFalse(hosts.getFirst().toString().contains("a, b"), "headers are not shown");
        assertTrue(hosts.getLast().capabilities().contains(Capability.PUSH));
        assertFalse(hosts.getLast().mirror());
        write("more.d/_default/hosts.toml", "[host.\"https://any.example\"]\n");
        assertEquals(List.of("https://any.example/v2/x", "https://o.example/v2/x"), shown(of("o.example/x")));
        write("more.d/bad.example/hosts.toml", "[host.\"https://any.example\"]\ncapabilities = ['fly']\n");
        assertTrue(assertThrows(FornoException.class, () -> of("bad.example/x"))
                .getMessage()
                .endsWith("host.https://any.example.capabilities: expected pull, resolve and push"));
    }

    @Test
    void findsCertificates() throws IOException {
        write("certs.d/r.example:5000/ca.crt", "");
        write("more.d/r.example:5000/client.cert", "");
        write("more.d/r.example:5000/client.key", "");
        Host host = of("r.example:5000/x").getFirst();
        assertEquals(1, host.trust().authorities().size());
        assertEquals(1, host.trust().keys().size());
        assertTrue(host.trust().changed() != 0);
        write("certs.d/k.example/only.key", "");
        assertTrue(assertThrows(FornoException.class, () -> of("k.example/x"))
                .getMessage()
                .contains("missing client certificate only.cert for key"));
        write("certs.d/127.0.0.1:5000/ca.crt", "");
        assertEquals(
                List.of(URI.create("https://127.0.0.1:5000")),
                of("127.0.0.1:5000/x").getFirst().bases());
    }
}
