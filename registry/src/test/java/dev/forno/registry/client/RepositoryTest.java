package dev.forno.registry.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.MediaTypes;
import dev.forno.oci.Reference;
import dev.forno.registry.credentials.Credentials;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepositoryTest {
    private static final byte[] BLOB = new byte[300_000];

    static {
        new Random(7).nextBytes(BLOB);
    }

    private ScriptedRegistry registry;
    private RegistryClient client;

    @BeforeEach
    void open() throws IOException {
        registry = new ScriptedRegistry();
        client = new RegistryClient(RegistryOptions.DEFAULT.withRetryDelay(Duration.ofMillis(1)));
    }

    @AfterEach
    void close() {
        client.close();
        registry.close();
    }

    private Reference reference(String tag) {
        return Reference.parse(registry.host() + "/team/app:" + tag);
    }

    private Repository repository() {
        return client.open(reference("v1"), Credentials.ANONYMOUS, Access.PUSH);
    }

    private static byte[] manifest(String mediaType, Digest config) {
        return ("{\"schemaVersion\":2,\"mediaType\":\"" + mediaType + "\",\"config\":{\"mediaType\":\""
                        + MediaTypes.OCI_CONFIG + "\",\"size\":2,\"digest\":\"" + config + "\"},\"layers\":[]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static final class Collector implements BlobSink {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public long offset() {
            return bytes.size();
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            bytes.write(buffer, offset, length);
        }
    }

    private Descriptor blob() {
        return Descriptor.of(MediaTypes.OCI_LAYER, registry.putBlob(BLOB), BLOB.length);
    }

    @Test
    void readsManifestByTagAndDigest() {
        byte[] bytes = manifest(MediaTypes.OCI_MANIFEST, Digest.of(new byte[0]));
        registry.putManifest("team/app", "v1", MediaTypes.OCI_MANIFEST, bytes);
        ManifestDocument byTag = repository().manifest(reference("v1"));
        assertArrayEquals(bytes, byTag.bytes());
        assertEquals(Digest.of(bytes).toString(), byTag.descriptor().digest());
        ManifestDocument byDigest = repository().manifest(reference("v1").withDigest(Digest.of(bytes)));
        assertArrayEquals(bytes, byDigest.bytes());
    }

    @Test
    void wordsAnUnknownManifestAsDockerDoes() {
        FornoException e = assertThrows(FornoException.class, () -> repository().manifest(reference("nope")));
        assertEquals(ErrorKind.NOT_FOUND, e.kind());
        assertEquals(
                "manifest for " + registry.host() + "/team/app:nope not found: manifest unknown: manifest unknown",
                e.getMessage());
    }

    @Test
    void wordsDeniedAccessAsDockerDoes() {
        registry.next.add(exchange -> ScriptedRegistry.answer(
                exchange,
                401,
                "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"requested access to the resource is denied\"}]}"));
        FornoException e = assertThrows(FornoException.class, () -> repository().manifest(reference("v1")));
        assertEquals(
                "pull access denied for " + registry.host()
                        + "/team/app, repository does not exist or may require 'docker login': denied:"
                        + " requested access to the resource is denied",
                e.getMessage());
        assertEquals(ErrorKind.NOT_FOUND, e.kind());
    }

    @Test
    void refusesAManifestWithAnotherDigest() {
        byte[] bytes = manifest(MediaTypes.OCI_MANIFEST, Digest.of(new byte[0]));
        Digest other = Digest.of(new byte[] {1});
        registry.manifests.put("team/app/" + other, new ScriptedRegistry.Stored(MediaTypes.OCI_MANIFEST, bytes));
        Repository repository = repository();
        FornoException e = assertThrows(
                FornoException.class, () -> repository.manifest(reference("v1").withDigest(other)));
        assertEquals(ErrorKind.DATA_LOSS, e.kind());
    }

    @Test
    void refusesLargeManifestsAndOldSchemas() {
        Repository repository = repository();
        registry.putManifest("team/app", "big", MediaTypes.OCI_MANIFEST, new byte[(4 << 20) + 1]);
        assertThrows(FornoException.class, () -> repository.manifest(reference("big")));
        assertEquals(1, registry.log.stream().filter(l -> l.endsWith("/big")).count(), "no second attempt");
        registry.putManifest(
                "team/app",
                "old",
                MediaTypes.DOCKER_MANIFEST_V1_SIGNED,
                "{\"schemaVersion\":1,\"fsLayers\":[]}".getBytes(StandardCharsets.UTF_8));
        FornoException e = assertThrows(FornoException.class, () -> repository.manifest(reference("old")));
        assertTrue(e.getMessage().contains("schema 1"), e.getMessage());
    }

    @Test
    void refusesForeignLayersAndMixedDocuments() {
        Digest any = Digest.of(new byte[0]);
        String text = new String(manifest(MediaTypes.DOCKER_MANIFEST, any), StandardCharsets.UTF_8);
        String layer =
                "{\"mediaType\":\"" + MediaTypes.DOCKER_FOREIGN_LAYER + "\",\"size\":1,\"digest\":\"" + any + "\"}";
        registry.putManifest(
                "team/app",
                "foreign",
                MediaTypes.DOCKER_MANIFEST,
                text.replace("[]", "[" + layer + "]").getBytes(StandardCharsets.UTF_8));
        registry.putManifest(
                "team/app",
                "mixed",
                MediaTypes.DOCKER_MANIFEST,
                text.replace("\"layers\"", "\"manifests\":[],\"layers\"").getBytes(StandardCharsets.UTF_8));
        Repository repository = repository();
        assertTrue(assertThrows(FornoException.class, () -> repository.manifest(reference("foreign")))
                .getMessage()
                .contains("foreign layer"));
        assertTrue(assertThrows(FornoException.class, () -> repository.manifest(reference("mixed")))
                .getMessage()
                .contains("at once"));
    }

    @Test
    void retriesPassingFailuresOnly() {
        byte[] bytes = manifest(MediaTypes.OCI_MANIFEST, Digest.of(new byte[0]));
        registry.putManifest("team/app", "v1", MediaTypes.OCI_MANIFEST, bytes);
        registry.next.addAll(List.of(ScriptedRegistry.failing(503), ScriptedRegistry.failing(429), exchange -> {
            exchange.close();
            return true;
        }));
        repository().manifest(reference("v1"));
        assertEquals(
                4, registry.log.stream().filter(l -> l.contains("/manifests/")).count());
        registry.log.clear();
        registry.next.add(ScriptedRegistry.failing(403));
        assertThrows(FornoException.class, () -> repository().manifest(reference("v1")));
        assertEquals(
                1, registry.log.stream().filter(l -> l.contains("/manifests/")).count());
    }

    @Test
    void resumesAnInterruptedBlob() {
        Descriptor blob = blob();
        List<String> ranges = new ArrayList<>();
        registry.next.add(exchange -> {
            exchange.sendResponseHeaders(200, BLOB.length);
            exchange.getResponseBody().write(BLOB, 0, 200_000);
            exchange.getResponseBody().flush();
            throw new IOException("cut off");
        });
        registry.next.add(exchange -> {
            ranges.add(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
            return false;
        });
        Collector sink = new Collector();
        repository().fetch(blob, sink);
        assertArrayEquals(BLOB, sink.bytes.toByteArray());
        assertEquals(1, ranges.size());
        assertTrue(ranges.getFirst().matches("bytes=[1-9][0-9]*-"), ranges.getFirst());
    }

    @Test
    void acceptsAServerThatIgnoresRanges() {
        Descriptor blob = blob();
        registry.next.add(exchange -> {
            exchange.sendResponseHeaders(200, BLOB.length);
            exchange.getResponseBody().write(BLOB);
            return true;
        });
        Collector sink = new Collector();
        sink.write(BLOB, 0, 1000);
        repository().fetch(blob, sink);
        assertArrayEquals(BLOB, sink.bytes.toByteArray());
    }

    @Test
    void refusesABlobLargerThanPromised() {
        Descriptor whole = blob();
        Descriptor shorter = Descriptor.of(whole.mediaType(), whole.contentDigest(), BLOB.length - 1);
        FornoException e = assertThrows(FornoException.class, () -> repository().fetch(shorter, new Collector()));
        assertEquals(ErrorKind.DATA_LOSS, e.kind());
    }

    @Test
    void reportsAMissingBlobAndAStalledOne() {
        Descriptor missing = Descriptor.of(MediaTypes.OCI_LAYER, Digest.of(new byte[] {9}), 1);
        FornoException e = assertThrows(FornoException.class, () -> repository().fetch(missing, new Collector()));
        assertEquals("blob unknown: blob unknown to registry", e.getMessage());
        RegistryOptions impatient = RegistryOptions.DEFAULT.withPatience(
                Patience.DEFAULT.withAttempts(1).withStallTimeout(Duration.ofMillis(50)));
        Descriptor blob = blob();
        try (RegistryClient other = new RegistryClient(impatient)) {
            Repository repository = other.open(reference("v1"), Credentials.ANONYMOUS, Access.PULL);
            CountDownLatch done = new CountDownLatch(1);
            registry.next.add(exchange -> {
                exchange.sendResponseHeaders(200, BLOB.length);
                exchange.getResponseBody().write(BLOB, 0, 10);
                exchange.getResponseBody().flush();
                await(done);
                return true;
            });
            FornoException stalled = assertThrows(FornoException.class, () -> repository.fetch(blob, new Collector()));
            done.countDown();
            assertEquals(ErrorKind.UNAVAILABLE, stalled.kind());
            assertTrue(stalled.getMessage().contains("nothing arrived"), stalled.getMessage());
        }
    }

    @Test
    void keepsCredentialsToTheirOrigin() throws IOException {
        String expected = "Basic " + Base64.getEncoder().encodeToString("ana:s3cret".getBytes(StandardCharsets.UTF_8));
        Descriptor blob = blob();
        registry.guard = exchange -> {
            if (expected.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                return false;
            }
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"here, there\"");
            return ScriptedRegistry.answer(exchange, 401, "");
        };
        List<Boolean> authorized = new ArrayList<>();
        try (ScriptedRegistry elsewhere = new ScriptedRegistry()) {
            elsewhere.putBlob(BLOB);
            elsewhere.guard = exchange -> {
                authorized.add(exchange.getRequestHeaders().containsKey("Authorization"));
                return false;
            };
            registry.next.add(exchange -> {
                exchange.getResponseHeaders()
                        .set("Location", "http://" + elsewhere.host() + exchange.getRequestURI() + "?signature=x");
                return ScriptedRegistry.answer(exchange, 307, "");
            });
            Collector sink = new Collector();
            client.open(reference("v1"), Credentials.basic("ana", "s3cret"), Access.PULL)
                    .fetch(blob, sink);
            assertArrayEquals(BLOB, sink.bytes.toByteArray());
            assertEquals(List.of(false), authorized);
        }
        FornoException e = assertThrows(FornoException.class, () -> repository().manifest(reference("v1")));
        assertTrue(e.getMessage().endsWith(": no basic auth credentials"), e.getMessage());
        assertEquals(ErrorKind.UNAUTHENTICATED, e.kind());
    }

    @Test
    void getsKeepsAndRenewsTokens() {
        byte[] bytes = manifest(MediaTypes.OCI_MANIFEST, Digest.of(new byte[0]));
        registry.putManifest("team/app", "v1", MediaTypes.OCI_MANIFEST, bytes);
        AtomicInteger issued = new AtomicInteger();
        AtomicInteger valid = new AtomicInteger(1);
        List<String> asked = new ArrayList<>();
        registry.guard = exchange -> {
            if (exchange.getRequestURI().getPath().equals("/token")) {
                asked.add(String.valueOf(exchange.getRequestURI().getQuery()));
                return ScriptedRegistry.answer(
                        exchange, 200, "{\"access_token\":\"t" + issued.incrementAndGet() + "\",\"expires_in\":300}");
            }
            if (("Bearer t" + valid.get()).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                return false;
            }
            exchange.getResponseHeaders()
                    .set("WWW-Authenticate", "Bearer realm=\"http://" + registry.host() + "/token\",service=\"reg\"");
            return ScriptedRegistry.answer(exchange, 401, "");
        };
        Repository repository = client.open(reference("v1"), Credentials.ANONYMOUS, Access.PULL);
        repository.manifest(reference("v1"));
        repository.manifest(reference("v1"));
        assertEquals(List.of("service=reg&scope=repository:team/app:pull"), asked);
        valid.set(2);
        repository.manifest(reference("v1"));
        assertEquals(2, issued.get());
        valid.set(99);
        FornoException e = assertThrows(FornoException.class, () -> repository.manifest(reference("v1")));
        assertEquals("unauthorized: authentication required", e.getMessage());
        assertEquals(3, issued.get(), "a fresh token that is refused is not asked for again");
    }

    @Test
    void pushesOnlyWhatIsMissing() {
        Repository repository = repository();
        Digest digest = Digest.of(BLOB);
        Descriptor blob = Descriptor.of(MediaTypes.OCI_LAYER, digest, BLOB.length);
        BlobSource source = () -> new ByteArrayInputStream(BLOB);
        assertEquals(BlobOutcome.SENT, repository.push(blob, source, null, n -> {}));
        assertArrayEquals(BLOB, registry.blobs.get(digest.toString()));
        assertEquals(BlobOutcome.EXISTED, repository.push(blob, source, null, n -> {}));
        registry.next.add(ScriptedRegistry.failing(404));
        assertEquals(BlobOutcome.MOUNTED, repository.push(blob, source, "team/base", n -> {}));
        assertTrue(registry.log.getLast().endsWith("&from=team%2Fbase"), registry.log.getLast());
        byte[] manifest = manifest(MediaTypes.OCI_MANIFEST, digest);
        repository.push(Descriptor.of(MediaTypes.OCI_MANIFEST, Digest.of(manifest), manifest.length), manifest, "v9");
        assertArrayEquals(manifest, repository.manifest(reference("v9")).bytes());
    }

    @Test
    void startsABrokenUploadAgain() {
        Descriptor blob = Descriptor.of(MediaTypes.OCI_LAYER, Digest.of(BLOB), BLOB.length);
        registry.next.addAll(List.of(
                exchange -> false, exchange -> false, ScriptedRegistry.failing(502), exchange -> false, exchange -> {
                    exchange.close();
                    return true;
                }));
        assertEquals(BlobOutcome.SENT, repository().push(blob, () -> new ByteArrayInputStream(BLOB), null, n -> {}));
        assertEquals(3, registry.log.stream().filter(l -> l.startsWith("PUT")).count());
    }

    @Test
    void endsAtOnceWhenInterrupted() throws InterruptedException {
        Descriptor blob = blob();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Repository repository = repository();
        registry.next.add(exchange -> {
            exchange.sendResponseHeaders(200, BLOB.length);
            exchange.getResponseBody().write(BLOB, 0, 1000);
            exchange.getResponseBody().flush();
            begun.countDown();
            await(end);
            return true;
        });
        AtomicReference<ErrorKind> ended = new AtomicReference<>();
        Thread fetching = Thread.ofVirtual().start(() -> {
            try {
                repository.fetch(blob, new Collector());
            } catch (FornoException e) {
                ended.set(e.kind());
            }
        });
        begun.await();
        fetching.interrupt();
        fetching.join();
        end.countDown();
        assertEquals(ErrorKind.CANCELLED, ended.get());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void wordsAServerError() throws IOException {
        registry.guard = exchange -> ScriptedRegistry.answer(exchange, 500, "{\"errors\":[{\"code\":\"UNKNOWN\"}]}");
        FornoException e = assertThrows(FornoException.class, this::repository);
        assertEquals("unknown: unknown error", e.getMessage());
    }

    @Test
    void listsTagsOverPages() {
        registry.next.add(exchange -> {
            exchange.getResponseHeaders().set("Link", "</v2/team/app/tags/list?last=b>; rel=\"next\"");
            return ScriptedRegistry.answer(exchange, 200, "{\"name\":\"team/app\",\"tags\":[\"a\",\"b\"]}");
        });
        registry.next.add(exchange -> ScriptedRegistry.answer(exchange, 200, "{\"tags\":[\"c\"]}"));
        assertEquals(List.of("a", "b", "c"), repository().tags());
    }

    @Test
    void checksLogins() {
        String expected = "Basic " + Base64.getEncoder().encodeToString("ana:s3cret".getBytes(StandardCharsets.UTF_8));
        registry.guard = exchange -> {
            if (expected.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                return false;
            }
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"x\"");
            return ScriptedRegistry.answer(exchange, 401, "");
        };
        assertEquals("", client.login(registry.host(), Credentials.basic("ana", "s3cret")));
        FornoException e = assertThrows(
                FornoException.class, () -> client.login(registry.host(), Credentials.basic("ana", "wrong")));
        assertEquals(ErrorKind.UNAUTHENTICATED, e.kind());
        assertEquals(
                "Get \"http://" + registry.host() + "/v2/\": unauthorized: authentication required", e.getMessage());
    }

    @Test
    void saysThatNobodyAnswers() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Reference nowhere = Reference.parse("127.0.0.1:" + port + "/x:y");
        FornoException e =
                assertThrows(FornoException.class, () -> client.open(nowhere, Credentials.ANONYMOUS, Access.PULL));
        assertEquals(ErrorKind.UNAVAILABLE, e.kind());
        assertEquals(
                "Get \"http://127.0.0.1:" + port + "/v2/\": dial tcp 127.0.0.1:" + port
                        + ": connect: connection refused",
                e.getMessage());
        assertFalse(e.getMessage().contains("null"));
    }

    /** With Docker's text, whether the registry explains itself or not. */
    @Test
    void saysWhichRepositoryIsMissing() {
        String name = registry.host() + "/no/such";
        Repository repository = client.open(Reference.parse(name), Credentials.ANONYMOUS, Access.PULL);
        String known =
                "{\"errors\":[{\"code\":\"NAME_UNKNOWN\",\"message\":\"repository name not known to registry\"}]}";
        for (String body : List.of(known, "")) {
            registry.next.add(exchange -> ScriptedRegistry.answer(exchange, 404, body));
            FornoException e = assertThrows(FornoException.class, repository::tags);
            assertEquals(ErrorKind.NOT_FOUND, e.kind());
            assertEquals(
                    "repository " + name + " not found: name unknown: repository name not known to registry",
                    e.getMessage());
        }
    }
}
