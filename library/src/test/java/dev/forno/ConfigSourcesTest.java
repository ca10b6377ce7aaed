package dev.forno;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.FornoException;
import dev.forno.store.snapshots.SnapshotterChoice;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigSourcesTest {
    @TempDir
    Path directory;

    private Path file(String... lines) throws Exception {
        return Files.write(directory.resolve("forno.conf"), List.of(lines));
    }

    private static String refusal(List<String> options) {
        return assertThrows(FornoException.class, () -> ConfigSources.read(options, Map.of()))
                .getMessage();
    }

    @Test
    void anOptionWinsOverTheEnvironmentWhichWinsOverTheFile() throws Exception {
        Path file = file("# comment", "bridge = file0", "nft-table=filetable", "state = /file", "host = tcp://[::1]:1");
        FornoConfig config = ConfigSources.read(
                List.of("--config", file.toString(), "--bridge=option0", "--run", "/r", "--host", "tcp://127.0.0.1:2"),
                Map.of("FORNO_BRIDGE", "env0", "FORNO_NFT_TABLE", "envtable", "FORNO_BUILD", "never"));
        assertEquals("option0", config.bridge());
        assertEquals("envtable", config.nftTable());
        assertEquals(Path.of("/file"), config.state());
        assertEquals(Path.of("/r/forno.sock"), config.socket());
        assertEquals(List.of("tcp://127.0.0.1:2"), config.hosts());
        assertEquals(SnapshotterChoice.AUTO, config.snapshotter());
        assertEquals(
                SnapshotterChoice.EROFS_LOOP,
                ConfigSources.read(List.of("--config", file.toString()), Map.of("FORNO_SNAPSHOTTER", "erofs-loop"))
                        .snapshotter());
    }

    @Test
    void unknownAndMalformedThingsAreErrorsThatNameTheirPlace() throws Exception {
        Path file = file("", "bridges = x");
        assertEquals(
                "read configuration: " + file
                        + ", line 2: unknown key \"bridges\"; the keys are state, run, socket, host,"
                        + " socket-group, bridge, subnet, nft-table, cgroup-parent, runtime, monitor, snapshotter,"
                        + " insecure-registry, registry-mirror, registry-auth, registries-conf, certs-d, log-level,"
                        + " registry-listen, registry-tls-cert, registry-tls-key, registry-client-ca, registry-htpasswd,"
                        + " registry-rights, registry-token, registry-public-url, registry-upstream, registry-upstream-ttl,"
                        + " registry-upstream-keep, registry-upstream-size, registry-sparse, registry-gc-interval, registry-gc-grace",
                refusal(List.of("--config", file.toString())));
        assertEquals("read configuration: option --state needs a value", refusal(List.of("--state")));
        assertEquals("read configuration: there is no file /no/such", refusal(List.of("--config=/no/such")));
        assertEquals(
                "read configuration: host = 127.0.0.1:1: expected tcp://address:port",
                refusal(List.of("--host", "127.0.0.1:1")));
        assertEquals(
                "read configuration: subnet = 10.0.0.1/30: expected an IPv4 address with a prefix of 8 to 29 bits",
                refusal(List.of("--subnet", "10.0.0.1/30")));
    }

    @Test
    void switchesNeedNoValue() throws Exception {
        Path users = Files.writeString(directory.resolve("users"), "");
        List<String> options = List.of(
                "--registry-token",
                "--registry-sparse",
                "--registry-htpasswd",
                users.toString(),
                "--registry-public-url=https://registry.example.com",
                "--registry-upstream-size=20g",
                "--registry-listen=127.0.0.1:1",
                "--registry-listen=127.0.0.1:2");
        RegistryConfig registry =
                ConfigSources.read(options, Map.of()).registry().orElseThrow();
        assertTrue(registry.token() && registry.sparse());
        assertEquals(Optional.of(users), registry.htpasswd());
        assertEquals(Optional.of(URI.create("https://registry.example.com")), registry.publicUrl());
        assertEquals(
                "read configuration: public-url needs token",
                refusal(List.of("--registry-listen=127.0.0.1:1", "--registry-public-url=https://x")));
        assertEquals(20L << 30, registry.upstreamSize());
        assertEquals(Duration.ofDays(7), registry.upstreamKeep());
        assertEquals(List.of("127.0.0.1:1", "127.0.0.1:2"), registry.listen());
        Map<String, String> off = Map.of("FORNO_REGISTRY_SPARSE", "true");
        assertFalse(ConfigSources.read(List.of("--registry-sparse=false", "--registry-listen=127.0.0.1:1"), off)
                .registry()
                .orElseThrow()
                .sparse());
        assertEquals(
                "read configuration: given twice: --registry-token",
                refusal(List.of("--registry-token", "--registry-token")));
    }

    @Test
    void switchesMayHaveTheirValueNext() {
        List<String> options =
                List.of("--registry-token", "false", "--registry-listen", "127.0.0.1:1", "--registry-sparse", "true");
        RegistryConfig registry =
                ConfigSources.read(options, Map.of()).registry().orElseThrow();
        assertTrue(registry.sparse() && !registry.token());
        assertEquals(List.of("127.0.0.1:1"), registry.listen());
        assertTrue(refusal(List.of("--registry-token", "yes")).startsWith("read configuration: unknown option yes; "));
    }

    @Test
    void aRegistryByItselfUnderstandsTheSame() {
        Map<String, List<String>> values = RegistryArguments.alone()
                .parse(
                        List.of(
                                "--sparse",
                                "--state",
                                "/x",
                                "--insecure-registry=a",
                                "--insecure-registry=b",
                                "--token=false"),
                        "see --help");
        assertEquals(
                Map.of(
                        "sparse", List.of("true"),
                        "state", List.of("/x"),
                        "insecure-registry", List.of("a", "b"),
                        "token", List.of("false")),
                values);
        FornoException unknown = assertThrows(
                FornoException.class, () -> RegistryArguments.alone().parse(List.of("--bridge", "x"), "see --help"));
        assertEquals("read configuration: unknown option --bridge; see --help", unknown.getMessage());
    }

    @Test
    void theBridgesAddressIsSplit() {
        assertEquals(new BridgeAddress("10.77.0.0/24", "10.77.0.1"), BridgeAddress.parse("10.77.0.1/24"));
        assertEquals(new BridgeAddress("172.16.0.0/12", null), BridgeAddress.parse("172.16.0.0/12"));
        assertEquals(Optional.empty(), FornoConfig.DEFAULTS.subnet());
    }
}
