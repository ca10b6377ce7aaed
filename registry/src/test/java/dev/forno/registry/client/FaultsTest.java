package dev.forno.registry.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Manifest;
import dev.forno.oci.MediaTypes;
import dev.forno.oci.Reference;
import dev.forno.registry.credentials.Credentials;
import dev.forno.registry.faults.Fault;
import dev.forno.registry.faults.FaultProxy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real registry behind a proxy that breaks what it is told to. */
class FaultsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final byte[] BLOB = new byte[3_000_000];

    static {
        new Random(11).nextBytes(BLOB);
    }

    @TempDir
    Path directory;

    private RegistryServer registry;
    private FaultProxy proxy;
    private RegistryClient client;
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() throws IOException {
        assumeTrue(RegistryServer.isInstalled(), "docker-registry is not installed");
        registry = RegistryServer.start(directory, "", "");
        proxy = FaultProxy.before(registry.host());
        client = new RegistryClient(RegistryOptions.DEFAULT.withPatience(
                Patience.DEFAULT.withStallTimeout(Duration.ofMillis(300)).withTime(() -> NOW, pauses::add)));
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        proxy.close();
        registry.close();
    }

    private Repository repository(String name) {
        return client.open(Reference.parse(proxy.address() + "/" + name), Credentials.ANONYMOUS, Access.PUSH);
    }

    private static Descriptor descriptor(byte[] bytes) {
        return Descriptor.of(MediaTypes.OCI_LAYER_GZIP, Digest.of(bytes), bytes.length);
    }

    private BlobOutcome push(String name) {
        return repository(name).push(descriptor(BLOB), () -> new ByteArrayInputStream(BLOB), null, n -> {});
    }

    private byte[] fetch() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        repository("app").fetch(descriptor(BLOB), new BlobSink() {
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

    private List<String> ranges() {
        return proxy.log("GET /v2/app/blobs/").stream()
                .map(one -> one.header("range"))
                .toList();
    }

    @Test
    void fetchesTheRestAfterEachBreak() {
        push("app");
        proxy.forget();
        proxy.once("GET", "/blobs/", new Fault.ResetAfter(1_000_000))
                .once("GET", "/blobs/", new Fault.Truncate(500_000))
                .once("GET", "/blobs/", new Fault.Stall(250_000))
                .once("GET", "/blobs/", Fault.status(503));
        assertArrayEquals(BLOB, fetch());
        List<String> ranges = ranges();
        assertEquals("", ranges.getFirst());
        List<Long> starts = ranges.stream()
                .skip(1)
                .map(range -> Long.parseLong(range.replaceAll("[^0-9]", "")))
                .toList();
        for (int i = 1; i < starts.size(); i++) {
            assertTrue(starts.get(i) >= starts.get(i - 1), starts.toString());
        }
        assertTrue(starts.getLast() >= 500_000, starts.toString());
        assertTrue(ranges.size() >= 5, ranges.toString());
    }

    @Test
    void copesWithRangesThatAreIgnoredOrWrong() {
        push("app");
        proxy.once("GET", "/blobs/", new Fault.Truncate(1_000_000))
                .once("GET", "/blobs/", Fault.wrongRange("bytes 2000000-2999999/3000000"))
                .once("GET", "/blobs/", new Fault.IgnoreRange());
        assertArrayEquals(BLOB, fetch());
        proxy.once("GET", "/blobs/", new Fault.Truncate(1_000_000))
                .once("GET", "/blobs/", Fault.wrongRange("bytes 0-3999999/4000000"));
        assertEquals(
                ErrorKind.DATA_LOSS,
                assertThrows(FornoException.class, this::fetch).kind());
    }

    /** Storage that a registry redirects to may not know ranges, or not at this moment. */
    @Test
    void goesOnWithoutARangeWhereItIsRefused() {
        push("app");
        for (int status : new int[] {416, 400, 501}) {
            proxy.forget();
            proxy.once("GET", "/blobs/", new Fault.Truncate(1_000_000)).once("GET", "/blobs/", Fault.status(status));
            assertArrayEquals(BLOB, fetch());
            List<String> ranges = ranges();
            assertEquals(3, ranges.size(), ranges.toString());
            assertTrue(ranges.get(1).startsWith("bytes="), ranges.toString());
            assertEquals("", ranges.get(2));
        }
        proxy.once("GET", "/blobs/", Fault.status(416));
        assertEquals(
                ErrorKind.INVALID_ARGUMENT,
                assertThrows(FornoException.class, this::fetch).kind());
    }

    @Test
    void respectsRetryAfterWithinBounds() {
        push("app");
        pauses.clear();
        proxy.once("GET", "/blobs/", Fault.retryAfter(429, Duration.ofSeconds(7)))
                .once("GET", "/blobs/", Fault.retryAt(503, NOW.plusSeconds(42)))
                .once("GET", "/blobs/", Fault.status(502));
        assertArrayEquals(BLOB, fetch());
        assertEquals(List.of(Duration.ofSeconds(7), Duration.ofSeconds(42)), pauses.subList(0, 2));
        assertTrue(pauses.get(2).compareTo(Duration.ofSeconds(1)) >= 0, pauses.toString());
        assertTrue(pauses.get(2).compareTo(Duration.ofSeconds(2)) <= 0, pauses.toString());
        pauses.clear();
        proxy.always("GET", "/blobs/", Fault.retryAfter(429, Duration.ofHours(6)));
        FornoException e = assertThrows(FornoException.class, this::fetch);
        assertEquals("toomanyrequests: too many requests; the registry asks to come back in 6 h", e.getMessage());
        assertEquals(List.of(), pauses);
    }

    @Test
    void givesUpAfterAWhileWithoutProgress() {
        push("app");
        pauses.clear();
        proxy.always("GET", "/blobs/", Fault.status(500));
        assertThrows(FornoException.class, this::fetch);
        assertEquals(Patience.DEFAULT.attempts() - 1, pauses.size());
        for (int i = 1; i < pauses.size(); i++) {
            Duration whole = Patience.DEFAULT.retryDelay().multipliedBy(1L << i);
            assertTrue(pauses.get(i).compareTo(whole) <= 0, pauses.toString());
            assertTrue(pauses.get(i).compareTo(whole.dividedBy(2)) >= 0, pauses.toString());
        }
    }

    /** This registry forgets an upload of which a part came that it has not acknowledged. */
    @Test
    void sendsABrokenUploadAgainWhereItCannotGoOn() {
        proxy.once("PATCH", "/uploads/", new Fault.ResetUpload(1_200_000));
        assertEquals(BlobOutcome.SENT, push("app"));
        assertArrayEquals(BLOB, fetch());
        assertEquals(BlobOutcome.EXISTED, push("app"));
    }

    @Test
    void startsAnUploadAnewThatTheRegistryForgot() {
        proxy.once("PATCH", "/uploads/", Fault.status(404))
                .once("PATCH", "/uploads/", new Fault.LoseAnswer())
                .once("PUT", "/uploads/", new Fault.LoseAnswer());
        assertEquals(BlobOutcome.SENT, push("app"));
        assertArrayEquals(BLOB, fetch());
    }

    @Test
    void leavesAnUploadAloneAsLongAsItIsAskedTo() {
        proxy.once("PATCH", "/uploads/", Fault.retryAfter(429, Duration.ofSeconds(7)))
                .once("PUT", "/uploads/", Fault.retryAfter(503, Duration.ofSeconds(9)));
        assertEquals(BlobOutcome.SENT, push("app"));
        assertEquals(List.of(Duration.ofSeconds(7), Duration.ofSeconds(9)), pauses);
        assertArrayEquals(BLOB, fetch());
    }

    /** The whole document is one attempt's, however late it breaks off. */
    @Test
    void readsDocumentsAgainThatBreakOff() {
        byte[] config = "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Repository repository = repository("app");
        repository.push(descriptor(config), () -> new ByteArrayInputStream(config), null, n -> {});
        byte[] manifest = Documents.write(Manifest.class, Manifest.of(descriptor(config), List.of()));
        Descriptor described = Descriptor.of(MediaTypes.OCI_MANIFEST, Digest.of(manifest), manifest.length);
        repository.push(described, manifest, "v1");
        Descriptor subject = manifest(
                repository,
                new Manifest(2, MediaTypes.OCI_MANIFEST, null, descriptor(config), List.of(), described, Map.of()));
        for (Fault fault : List.of(new Fault.Stall(30), new Fault.Truncate(30), new Fault.ResetAfter(30))) {
            proxy.once("GET", "/manifests/v1", fault);
            assertArrayEquals(
                    manifest,
                    repository
                            .manifest(Reference.parse(proxy.address() + "/app:v1"))
                            .bytes(),
                    fault.toString());
            proxy.once("GET", "/tags/list", fault);
            assertTrue(repository.tags().contains("v1"), fault.toString());
            proxy.once("GET", "/manifests/sha256-", fault);
            assertEquals(
                    List.of(subject.digest()),
                    repository.referrers(described.contentDigest()).stream()
                            .map(Descriptor::digest)
                            .toList(),
                    fault.toString());
        }
        assertEquals(9, pauses.size(), pauses.toString());
    }

    @Test
    void sendsInChunksWhatIsTooLargeForOneRequest() {
        byte[] large = large();
        proxy.once("PATCH", "/uploads/", Fault.status(413));
        assertEquals(
                BlobOutcome.SENT,
                repository("app").push(descriptor(large), () -> new ByteArrayInputStream(large), null, n -> {}));
        assertEquals(
                List.of("", "0-33554431", "33554432-35651583"),
                proxy.log("^PATCH").stream()
                        .map(one -> one.header("content-range"))
                        .toList());
        assertEquals(List.of(), pauses, "chunks are worth no waiting");
        assertArrayEquals(large, repository("app").blob(descriptor(large), large.length));
        // What is too large in chunks, too, stays refused, with the remedy.
        proxy.always("PATCH", "/uploads/", Fault.status(413));
        FornoException e = assertThrows(FornoException.class, () -> repository("other")
                .push(descriptor(large), () -> new ByteArrayInputStream(large), null, n -> {}));
        assertTrue(e.getMessage().contains("413"), e.getMessage());
    }

    /** A proxy before a registry says so as soon as it sees the length, and hangs up; the answer may get lost. */
    @Test
    void sendsInChunksWhatIsRefusedBeforeItIsSent() {
        byte[] large = large();
        proxy.once("PATCH", "/uploads/", new Fault.RefuseUpload(413, 100_000))
                .at("PATCH", "/uploads/", 1, 1, new Fault.ResetUpload(20_000_000));
        assertEquals(
                BlobOutcome.SENT,
                repository("app").push(descriptor(large), () -> new ByteArrayInputStream(large), null, n -> {}));
        List<String> ranges = proxy.log("^PATCH").stream()
                .map(one -> one.header("content-range"))
                .toList();
        assertEquals("", ranges.getFirst());
        assertEquals("0-33554431", ranges.get(1));
        assertTrue(ranges.stream().skip(1).allMatch(range -> length(range) <= 32 << 20), ranges.toString());
        assertArrayEquals(large, repository("app").blob(descriptor(large), large.length));
    }

    /** A little more than a chunk. */
    private static byte[] large() {
        byte[] large = new byte[34 << 20];
        new Random(12).nextBytes(large);
        return large;
    }

    private static long length(String range) {
        int minus = range.indexOf('-');
        return Long.parseLong(range.substring(minus + 1)) - Long.parseLong(range.substring(0, minus)) + 1;
    }

    @Test
    void sendsChunksWhereTheRegistryWantsThem() {
        proxy.once("POST", "/uploads/", new Fault.Headers(Map.of("OCI-Chunk-Min-Length", "1000")));
        assertEquals(BlobOutcome.SENT, push("app"));
        assertArrayEquals(BLOB, fetch());
        assertEquals(1, proxy.log("^PATCH").size());
    }

    @Test
    void mountsFromAnotherRepository() {
        push("app");
        proxy.forget();
        assertEquals(
                BlobOutcome.MOUNTED,
                repository("other").push(descriptor(BLOB), () -> new ByteArrayInputStream(BLOB), "app", n -> {}));
        assertEquals(List.of(), proxy.log("^P(ATCH|UT)"));
        proxy.once("POST", "mount=", Fault.status(403));
        assertEquals(
                BlobOutcome.SENT,
                repository("third").push(descriptor(BLOB), () -> new ByteArrayInputStream(BLOB), "app", n -> {}));
    }

    @Test
    void refusesWrongManifests() {
        byte[] config = "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Repository repository = repository("app");
        repository.push(descriptor(config), () -> new ByteArrayInputStream(config), null, n -> {});
        byte[] manifest = Documents.write(Manifest.class, Manifest.of(descriptor(config), List.of()));
        Descriptor described = Descriptor.of(MediaTypes.OCI_MANIFEST, Digest.of(manifest), manifest.length);
        repository.push(described, manifest, "v1");
        Reference reference = Reference.parse(proxy.address() + "/app:v1");
        proxy.once("GET", "/manifests/", new Fault.Corrupt(manifest.length - 3));
        assertEquals(
                ErrorKind.DATA_LOSS,
                assertThrows(FornoException.class, () -> repository.manifest(reference))
                        .kind());
        proxy.once("GET", "/manifests/", Fault.digest(Digest.of(config).toString()));
        assertEquals(
                ErrorKind.DATA_LOSS,
                assertThrows(FornoException.class, () -> repository.manifest(reference))
                        .kind());
        proxy.once("PUT", "/manifests/", Fault.digest(Digest.of(config).toString()));
        assertEquals(
                ErrorKind.DATA_LOSS,
                assertThrows(FornoException.class, () -> repository.push(described, manifest, "v2"))
                        .kind());
        assertArrayEquals(manifest, repository.manifest(reference).bytes());
    }

    @Test
    void listsReferrersByTagWhereTheRegistryCannot() {
        byte[] config = "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Repository repository = repository("app");
        repository.push(descriptor(config), () -> new ByteArrayInputStream(config), null, n -> {});
        Descriptor empty = Descriptor.of("application/vnd.oci.empty.v1+json", Digest.of(config), config.length);
        Descriptor subject =
                manifest(repository, new Manifest(2, MediaTypes.OCI_MANIFEST, null, empty, List.of(), null, null));
        assertEquals(List.of(), repository.referrers(subject.contentDigest()));
        Descriptor first = manifest(
                repository,
                new Manifest(
                        2, MediaTypes.OCI_MANIFEST, "application/x-sbom", empty, List.of(), subject, Map.of("n", "1")));
        Descriptor second = manifest(
                repository,
                new Manifest(2, MediaTypes.OCI_MANIFEST, null, empty, List.of(), subject, Map.of("n", "2")));
        List<Descriptor> referrers = repository.referrers(subject.contentDigest());
        assertEquals(
                List.of(first.digest(), second.digest()),
                referrers.stream().map(Descriptor::digest).toList());
        assertEquals("application/x-sbom", referrers.getFirst().artifactType());
        assertEquals("application/vnd.oci.empty.v1+json", referrers.getLast().artifactType());
        assertEquals(Map.of("n", "1"), referrers.getFirst().annotations());
    }

    private static Descriptor manifest(Repository repository, Manifest manifest) {
        byte[] bytes = Documents.write(Manifest.class, manifest);
        Descriptor described = Descriptor.of(MediaTypes.OCI_MANIFEST, Digest.of(bytes), bytes.length);
        repository.push(described, bytes, described.digest());
        return described;
    }

    @Test
    void followsRedirectsWithoutSecrets() throws IOException {
        push("app");
        try (FaultProxy elsewhere = FaultProxy.before(registry.host())) {
            proxy.always("GET", "/blobs/", new Fault.Redirect(URI.create("http://" + elsewhere.address())));
            Credentials secret = new Credentials("", "", "", "s3cret");
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            client.open(Reference.parse(proxy.address() + "/app"), secret, Access.PULL)
                    .fetch(descriptor(BLOB), new BlobSink() {
                        @Override
                        public long offset() {
                            return bytes.size();
                        }

                        @Override
                        public void write(byte[] buffer, int offset, int length) {
                            bytes.write(buffer, offset, length);
                        }
                    });
            assertArrayEquals(BLOB, bytes.toByteArray());
            assertEquals("Bearer s3cret", proxy.log("GET .*/blobs/").getFirst().header("authorization"));
            assertEquals("", elsewhere.log("GET .*/blobs/").getFirst().header("authorization"));
        }
    }
}
