package dev.forno.registry.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.MediaTypes;
import dev.forno.oci.Reference;
import dev.forno.registry.certificates.CertificateFolders;
import dev.forno.registry.certificates.Trust;
import dev.forno.registry.credentials.Credentials;
import dev.forno.registry.hosts.Host;
import dev.forno.registry.hosts.Hosts;
import dev.forno.registry.hosts.InsecureRegistries;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A registry that leads to another origin, which asks for credentials that are none of its business. */
class RedirectTest {
    private static final byte[] BLOB = "blob".getBytes(StandardCharsets.UTF_8);
    private static final Descriptor DESCRIPTOR = Descriptor.of(MediaTypes.OCI_LAYER, Digest.of(BLOB), BLOB.length);
    private static final Credentials SECRET = Credentials.basic("ana", "s3cret");

    private ScriptedRegistry registry;
    private ScriptedRegistry evil;
    private RegistryClient client;
    private final List<String> shown = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() throws IOException {
        registry = new ScriptedRegistry();
        evil = new ScriptedRegistry();
        evil.guard = exchange -> {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (authorization != null || body.contains("s3cret")) {
                shown.add(exchange.getRequestURI() + " " + authorization + " " + body);
            }
            if (exchange.getRequestURI().getPath().equals("/token")) {
                return ScriptedRegistry.answer(exchange, 200, "{\"token\":\"t\"}");
            }
            exchange.getResponseHeaders()
                    .set("WWW-Authenticate", "Bearer realm=\"http://" + evil.host() + "/token\",service=\"s\"");
            return ScriptedRegistry.answer(exchange, 401, "");
        };
        client = new RegistryClient(RegistryOptions.DEFAULT.withRetryDelay(Duration.ofMillis(1)));
    }

    @AfterEach
    void close() {
        client.close();
        registry.close();
        evil.close();
    }

    private boolean leadAway(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Location", "http://" + evil.host() + exchange.getRequestURI());
        return ScriptedRegistry.answer(exchange, 307, "");
    }

    private Repository repository(Credentials credentials) {
        return client.open(Reference.parse(registry.host() + "/team/app"), credentials, Access.PUSH);
    }

    private void assertNothingShown() {
        assertEquals(List.of(), shown);
        assertFalse(evil.log.isEmpty(), "it was asked");
        assertTrue(evil.log.stream().noneMatch(line -> line.contains("/token")), evil.log.toString());
    }

    @Test
    void aBlobElsewhereLearnsNoPassword() {
        registry.guard = exchange -> exchange.getRequestURI().getPath().contains("/blobs/") && leadAway(exchange);
        FornoException e =
                assertThrows(FornoException.class, () -> repository(SECRET).blob(DESCRIPTOR, BLOB.length));
        assertEquals(ErrorKind.UNAUTHENTICATED, e.kind());
        assertNothingShown();
    }

    @Test
    void aRegistryThatAsksForAPasswordItselfDoesNotSpreadIt() {
        registry.guard = exchange -> {
            if (exchange.getRequestHeaders().getFirst("Authorization") == null) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"r\"");
                return ScriptedRegistry.answer(exchange, 401, "");
            }
            return exchange.getRequestURI().getPath().contains("/blobs/") && leadAway(exchange);
        };
        assertThrows(FornoException.class, () -> repository(SECRET).blob(DESCRIPTOR, BLOB.length));
        assertNothingShown();
    }

    @Test
    void aPingElsewhereLearnsNoPassword() {
        registry.guard = this::leadAway;
        assertThrows(FornoException.class, () -> repository(SECRET).tags());
        assertThrows(FornoException.class, () -> client.login(registry.host(), SECRET));
        assertNothingShown();
    }

    /** As with a web server for TLS, which leads to plain HTTP, at the address of an insecure registry that speaks just that. */
    @Test
    void aPingLedWhereNobodyMayGoIsNoAnswer() throws IOException {
        evil.guard = exchange -> {
            exchange.getResponseHeaders().set("Location", "ftp://elsewhere.example/");
            return ScriptedRegistry.answer(exchange, 302, "");
        };
        URI bad = URI.create("http://" + evil.host());
        URI good = URI.create("http://" + registry.host());
        RegistryOptions options = RegistryOptions.DEFAULT.withRetryDelay(Duration.ofMillis(1));
        Hosts hosts = new Hosts(
                new CertificateFolders(List.of()), List.of(), new InsecureRegistries(Set.of()), options.hubMirrors());
        try (Wire wire = new Wire(options, hosts)) {
            Retries retries = new Retries(options.patience());
            Contact contact = Contact.make(host(List.of(bad, good)), wire, retries);
            assertEquals(good.resolve("/v2/"), contact.ping().uri());
            assertEquals(200, contact.status());
            FornoException e =
                    assertThrows(FornoException.class, () -> Contact.make(host(List.of(bad)), wire, retries));
            assertTrue(e.getMessage().endsWith(": redirected to the unknown scheme ftp"), e.getMessage());
            assertEquals(2, evil.log.size(), "it will not pass");
        }
    }

    private static Host host(List<URI> bases) {
        return new Host("x", bases, "/v2", "team/app", "", Set.of(), Trust.SYSTEM, Map.of(), false);
    }

    @Test
    void anUploadElsewhereLearnsNoPassword() {
        registry.guard = exchange -> {
            if (!exchange.getRequestMethod().equals("POST")) {
                return false;
            }
            exchange.getResponseHeaders().set("Location", "http://" + evil.host() + "/upload");
            return ScriptedRegistry.answer(exchange, 202, "");
        };
        assertThrows(FornoException.class, () -> repository(SECRET)
                .push(DESCRIPTOR, () -> new ByteArrayInputStream(BLOB), null, n -> {}));
        assertNothingShown();
    }

    @Test
    void aTokenServerElsewhereLearnsNoIdentityToken() {
        registry.guard = exchange -> {
            if (exchange.getRequestURI().getPath().equals("/token")) {
                exchange.getResponseHeaders().set("Location", "http://" + evil.host() + "/more");
                return ScriptedRegistry.answer(exchange, 307, "");
            }
            exchange.getResponseHeaders()
                    .set("WWW-Authenticate", "Bearer realm=\"http://" + registry.host() + "/token\",service=\"s\"");
            return ScriptedRegistry.answer(exchange, 401, "");
        };
        FornoException e = assertThrows(FornoException.class, () -> repository(new Credentials("", "", "s3cret", ""))
                .tags());
        assertEquals(List.of(), shown);
        assertTrue(e.getMessage().contains("redirected with credentials"), e.getMessage());
    }
}
