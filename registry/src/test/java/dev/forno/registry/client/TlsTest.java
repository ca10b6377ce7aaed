package dev.forno.registry.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import dev.forno.registry.certificates.TlsContexts;
import dev.forno.registry.certificates.Trust;
import dev.forno.registry.credentials.Credentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real registry that speaks TLS and asks for client certificates. */
class TlsTest {
    private static final String SERVER = "subjectAltName=IP:127.0.0.1,DNS:registry.test,DNS:proxy.test,DNS:localhost";

    @TempDir
    Path directory;

    private RegistryServer start(Certificates made, boolean mutual) throws IOException {
        String tls = "  tls:\n    certificate: " + made.file("server.crt") + "\n    key: " + made.file("server.key")
                + (mutual ? "\n    clientcas: [" + made.file("ca.crt") + "]" : "");
        return RegistryServer.start(directory, tls, "");
    }

    private Certificates made() throws Exception {
        assumeTrue(RegistryServer.isInstalled() && Certificates.canBeMade(), "docker-registry or openssl is missing");
        Certificates made = Certificates.authority(directory, "ca");
        made.sign("ca", "server", "genrsa 2048", SERVER);
        return made;
    }

    private RegistryOptions options() {
        return RegistryOptions.DEFAULT
                .withPatience(Patience.DEFAULT.withAttempts(1))
                .withFiles(new RegistryFiles(List.of(directory.resolve("certs.d")), List.of(), null));
    }

    private Path folder(String host) throws IOException {
        return Files.createDirectories(directory.resolve("certs.d").resolve(host));
    }

    private static Optional<?> ask(RegistryOptions options, String host) {
        try (RegistryClient client = new RegistryClient(options)) {
            return client.open(Reference.parse(host + "/x"), Credentials.ANONYMOUS, Access.PULL)
                    .head("v1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "genrsa -traditional 2048",
                "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048",
                "ecparam -name prime256v1 -genkey -noout",
                "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384"
            })
    void showsItsCertificate(String newKey) throws Exception {
        Certificates made = made();
        made.sign("ca", "client", newKey, "extendedKeyUsage=clientAuth");
        try (RegistryServer registry = start(made, true)) {
            Path folder = folder(registry.host());
            Files.copy(made.file("ca.crt"), folder.resolve("ca.crt"));
            assertThrows(FornoException.class, () -> ask(options(), registry.host()));
            Files.copy(made.file("client.crt"), folder.resolve("client.cert"));
            Files.copy(made.file("client.key"), folder.resolve("client.key"));
            assertEquals(Optional.empty(), ask(options(), registry.host()));
        }
    }

    @Test
    void trustsWhomItIsToldTo() throws Exception {
        Certificates made = made();
        Certificates.authority(directory, "other");
        try (RegistryServer registry = start(made, false)) {
            Path folder = folder(registry.host());
            Files.copy(made.file("other.crt"), folder.resolve("ca.crt"));
            FornoException e = assertThrows(FornoException.class, () -> ask(options(), registry.host()));
            assertTrue(
                    e.getMessage()
                            .endsWith(
                                    "tls: failed to verify certificate: x509: certificate signed by unknown authority"),
                    e.getMessage());
            assertEquals(
                    Optional.empty(),
                    ask(
                            options().withInsecureRegistries(Set.of(registry.host())),
                            "localhost:" + registry.host().replaceFirst(".*:", "")));
            // Changed files count with the next pull.
            Files.delete(folder.resolve("ca.crt"));
            Files.copy(made.file("ca.crt"), folder.resolve("ca.crt"));
            assertEquals(Optional.empty(), ask(options(), registry.host()));
            Files.writeString(folder.resolve("bad.crt"), "nothing");
            assertEquals(
                    "read certificates in " + folder.resolve("bad.crt") + ": it holds no certificate",
                    assertThrows(FornoException.class, () -> ask(options(), registry.host()))
                            .getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void goesThroughAProxyWithAPassword(String scheme) throws Exception {
        Certificates made = made();
        Files.copy(made.file("ca.crt"), folder("registry.test").resolve("ca.crt"));
        Path both = directory.resolve("both.pem");
        Files.writeString(both, Files.readString(made.file("server.crt")) + Files.readString(made.file("server.key")));
        ServerSocketFactory factory = scheme.equals("http")
                ? ServerSocketFactory.getDefault()
                : TlsContexts.of(new Trust(List.of(), List.of(new Trust.KeyFiles(both, both)), true, 0), Map.of())
                        .getServerSocketFactory();
        String basic = "Basic " + Base64.getEncoder().encodeToString("ana:s3cret".getBytes(StandardCharsets.UTF_8));
        try (RegistryServer registry = start(made, false);
                TunnelProxy proxy = new TunnelProxy(factory, registry.host(), basic)) {
            Map<String, String> environment = Map.of(
                    "HTTPS_PROXY",
                    scheme + "://ana:s3cret@localhost:" + proxy.port(),
                    "SSL_CERT_FILE",
                    made.file("ca.crt").toString());
            assertEquals(Optional.empty(), ask(options().withEnvironment(environment), "registry.test"));
            assertEquals("CONNECT registry.test:443 HTTP/1.1 known", proxy.seen.getFirst());
            Map<String, String> wrong = Map.of("HTTPS_PROXY", "http://ana:wr0ng@localhost:" + proxy.port());
            if (scheme.equals("http")) {
                FornoException e = assertThrows(
                        FornoException.class, () -> ask(options().withEnvironment(wrong), "registry.test"));
                assertFalse(e.toString().contains("wr0ng"), e.toString());
            }
        }
    }

    /** A plain server answers TLS with what is no TLS: that will not pass. */
    @Test
    void logsInWithoutTlsAtOnceWhereItMay() throws Exception {
        Certificates made = made();
        try (RegistryServer registry = RegistryServer.start(directory, "", "")) {
            // With an authority of its own not even a registry on this machine is spoken to in plain HTTP first.
            Files.copy(made.file("ca.crt"), folder(registry.host()).resolve("ca.crt"));
            List<Duration> pauses = new CopyOnWriteArrayList<>();
            RegistryOptions options = options()
                    .withInsecureRegistries(Set.of(registry.host()))
                    .withPatience(Patience.DEFAULT.withTime(InstantSource.system(), pauses::add));
            try (RegistryClient client = new RegistryClient(options)) {
                assertEquals("", client.login(registry.host(), Credentials.basic("ana", "s3cret")));
            }
            assertEquals(List.of(), pauses);
        }
    }

    /** A TLS server answers plain HTTP with an alert, or hangs up: that will not pass either. */
    @Test
    void speaksTlsAtOnceWhereNothingElseIsSpoken() throws Exception {
        Certificates made = made();
        Path both = directory.resolve("both.pem");
        Files.writeString(both, Files.readString(made.file("server.crt")) + Files.readString(made.file("server.key")));
        Trust keys = new Trust(List.of(), List.of(new Trust.KeyFiles(both, both)), true, 0);
        List<Duration> pauses = new CopyOnWriteArrayList<>();
        try (ScriptedRegistry registry = ScriptedRegistry.withTls(TlsContexts.of(keys, Map.of()))) {
            RegistryOptions options =
                    options().withPatience(Patience.DEFAULT.withTime(InstantSource.system(), pauses::add));
            assertEquals(Optional.empty(), ask(options, registry.host()));
            assertEquals(List.of(), pauses);
            // What fails at first for another reason is found in the next round.
            registry.guard = exchange -> {
                if (pauses.isEmpty()) {
                    exchange.close();
                    return true;
                }
                return false;
            };
            assertEquals(Optional.empty(), ask(options, registry.host()));
            assertEquals(1, pauses.size(), pauses.toString());
        }
    }
}
