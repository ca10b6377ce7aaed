package dev.forno.registry.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.FornoException;
import dev.forno.oci.MediaTypes;
import dev.forno.oci.Reference;
import dev.forno.registry.credentials.Credentials;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorsTest {
    private static final byte[] BLOB = new byte[300_000];
    private static final byte[] MANIFEST = ("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST
                    + "\",\"config\":{\"mediaType\":\"" + MediaTypes.OCI_CONFIG + "\",\"size\":0,\"digest\":\""
                    + Digest.of(new byte[0]) + "\"},\"layers\":[]}")
            .getBytes(StandardCharsets.UTF_8);

    static {
        new Random(5).nextBytes(BLOB);
    }

    @TempDir
    Path directory;

    private ScriptedRegistry origin;
    private ScriptedRegistry mirror;
    private RegistryClient client;
    private final Reference reference = Reference.parse("r.example/team/app:v1");
    private final Descriptor blob = Descriptor.of(MediaTypes.OCI_LAYER, Digest.of(BLOB), BLOB.length);

    @BeforeEach
    void open() throws IOException {
        origin = new ScriptedRegistry();
        mirror = new ScriptedRegistry();
        Files.writeString(directory.resolve("registries.conf"), """
                [[registry]]
                prefix = "r.example"
                location = "%s"
                [[registry.mirror]]
                location = "%s/cache"
                """.formatted(origin.host(), mirror.host()));
        Files.writeString(directory.resolve("config.json"), """
                {"auths":{"%s":{"auth":"%s"}}}
                """.formatted(mirror.host(), pair("mirror:own")));
        client = new RegistryClient(RegistryOptions.DEFAULT
                .withRetryDelay(Duration.ofMillis(1))
                .withFiles(new RegistryFiles(
                        List.of(directory.resolve("certs.d")),
                        List.of(directory.resolve("registries.conf")),
                        directory.resolve("config.json"))));
    }

    @AfterEach
    void close() {
        client.close();
        origin.close();
        mirror.close();
    }

    private static String pair(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private Repository repository() {
        return client.open(reference, Credentials.basic("ana", "s3cret"), Access.PULL);
    }

    private byte[] fetch(Repository repository) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        repository.fetch(blob, new BlobSink() {
            @Override
            public long offset() {
                return bytes.size();
            }

            @Override
            public void write(byte[] buffer, int offset, int length) {
                bytes.write(buffer, offset, length);
            }
        });
        return bytes.toByteArray();
    }

    @Test
    void asksTheMirrorFirstAndTheRegistryForTheRest() {
        mirror.putManifest("cache/team/app", "v1", MediaTypes.OCI_MANIFEST, MANIFEST);
        origin.putBlob(BLOB);
        Repository repository = repository();
        assertArrayEquals(MANIFEST, repository.manifest(reference).bytes());
        assertEquals(List.of(), origin.log);
        assertArrayEquals(BLOB, fetch(repository));
        assertTrue(mirror.log.stream().anyMatch(line -> line.contains("/v2/cache/team/app/blobs/")));
        assertThrows(FornoException.class, () -> repository.origin().manifest(reference));
    }

    @Test
    void goesOnAtTheRegistryWhereTheMirrorBroke() {
        mirror.putBlob(BLOB);
        origin.putBlob(BLOB);
        List<String> ranges = new ArrayList<>();
        mirror.guard = exchange -> {
            if (!exchange.getRequestURI().getPath().contains("/blobs/")) {
                return false;
            }
            mirror.guard = later -> {
                later.close();
                return true;
            };
            exchange.sendResponseHeaders(200, BLOB.length);
            exchange.getResponseBody().write(BLOB, 0, 200_000);
            exchange.getResponseBody().flush();
            throw new IOException("cut off");
        };
        origin.guard = exchange -> {
            ranges.add(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
            return false;
        };
        assertArrayEquals(BLOB, fetch(repository()));
        assertTrue(ranges.getLast().matches("bytes=[1-9][0-9]*-"), ranges.toString());
    }

    @Test
    void doesWithoutADeadMirror() {
        mirror.close();
        origin.putManifest("team/app", "v1", MediaTypes.OCI_MANIFEST, MANIFEST);
        assertArrayEquals(MANIFEST, repository().manifest(reference).bytes());
        assertEquals(
                "manifest for r.example/team/app:v2 not found: manifest unknown: manifest unknown",
                assertThrows(FornoException.class, () -> repository().manifest(reference.withTag("v2")))
                        .getMessage());
    }

    @Test
    void showsCredentialsOnlyToTheirHost() {
        List<String> shown = new ArrayList<>();
        mirror.guard = exchange -> {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (authorization == null) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"m\"");
                return ScriptedRegistry.answer(exchange, 401, "");
            }
            shown.add(authorization);
            return false;
        };
        mirror.putManifest("cache/team/app", "v1", MediaTypes.OCI_MANIFEST, MANIFEST);
        repository().manifest(reference);
        assertEquals(List.of("Basic " + pair("mirror:own")), shown);
    }

    @Test
    void followsHostsTomlWithNamespaceAndHeaders() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("certs.d/r.example"));
        Files.writeString(folder.resolve("hosts.toml"), """
                server = "http://%s"
                [host."http://%s/base"]
                capabilities = ["pull", "resolve"]
                [host."http://%s/base".header]
                x-key = "s3cret"
                """.formatted(origin.host(), mirror.host(), mirror.host()));
        List<String> keys = new ArrayList<>();
        mirror.guard = exchange -> {
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Key")));
            String path = exchange.getRequestURI().toString();
            if (path.equals("/base/v2/")) {
                return ScriptedRegistry.answer(exchange, 200, "");
            }
            if (path.equals("/base/v2/team/app/manifests/v1?ns=r.example")) {
                exchange.getResponseHeaders().set("Content-Type", MediaTypes.OCI_MANIFEST);
                return ScriptedRegistry.answer(exchange, 200, new String(MANIFEST, StandardCharsets.UTF_8));
            }
            exchange.getResponseHeaders().set("Location", "http://" + origin.host() + "/elsewhere");
            return ScriptedRegistry.answer(exchange, 307, "");
        };
        origin.guard = exchange -> {
            keys.add("origin " + exchange.getRequestHeaders().getFirst("X-Key"));
            return false;
        };
        Repository repository = client.open(reference, Credentials.ANONYMOUS, Access.PUSH);
        assertArrayEquals(MANIFEST, repository.manifest(reference).bytes());
        assertEquals(List.of("s3cret", "s3cret"), keys);
        // A redirect to another origin takes no header along; the blob isn't there, so the registry is asked.
        origin.putBlob(BLOB);
        assertArrayEquals(BLOB, fetch(repository));
        assertTrue(keys.contains("origin null"), keys.toString());
        assertTrue(keys.stream().noneMatch("origin s3cret"::equals), keys.toString());
        byte[] other = {1, 2, 3};
        repository.push(
                Descriptor.of(MediaTypes.OCI_LAYER, Digest.of(other), other.length),
                () -> new ByteArrayInputStream(other),
                null,
                n -> {});
        assertTrue(origin.blobs.containsKey(Digest.of(other).toString()), "a push goes to the registry itself");
    }

    @Test
    void looksWherePushesGo() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("certs.d/r.example"));
        Files.writeString(folder.resolve("hosts.toml"), """
                server = "http://%s"
                capabilities = ["pull", "resolve"]
                [host."http://%s"]
                capabilities = ["push"]
                """.formatted(origin.host(), mirror.host()));
        mirror.putManifest("team/app", "v1", MediaTypes.OCI_MANIFEST, MANIFEST);
        Repository repository = client.open(reference, Credentials.ANONYMOUS, Access.PUSH);
        assertTrue(repository.holds(Digest.of(MANIFEST)));
        assertEquals(List.of(), origin.log);
        mirror.manifests.clear();
        origin.putManifest("team/app", "v1", MediaTypes.OCI_MANIFEST, MANIFEST);
        assertFalse(repository.holds(Digest.of(MANIFEST)), "what is elsewhere is of no use to a push");
    }

    @Test
    void logsInAsTheFilesSay() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("certs.d").resolve(origin.host()));
        Files.writeString(folder.resolve("hosts.toml"), """
                [host."http://%s"]
                capabilities = ["pull", "resolve"]
                [header]
                x-key = "s3cret"
                """.formatted(mirror.host()));
        origin.guard = exchange -> {
            if (!"s3cret".equals(exchange.getRequestHeaders().getFirst("X-Key"))) {
                return ScriptedRegistry.answer(exchange, 403, "");
            }
            if (exchange.getRequestHeaders().getFirst("Authorization") == null) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"m\"");
                return ScriptedRegistry.answer(exchange, 401, "");
            }
            return false;
        };
        assertEquals("", client.login(origin.host(), Credentials.basic("ana", "s3cret")));
        assertEquals(List.of(), mirror.log, "credentials are for the registry, not for its mirrors");
        // Where the files put another address in its place, the one that was named is meant nevertheless.
        assertThrows(FornoException.class, () -> client.login("r.example", Credentials.basic("ana", "s3cret")));
        assertEquals(List.of(), mirror.log);
    }
}
