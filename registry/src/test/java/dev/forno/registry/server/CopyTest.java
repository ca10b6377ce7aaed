package dev.forno.registry.server;

import static dev.forno.registry.server.Served.expect;
import static dev.forno.registry.server.Served.header;
import static dev.forno.registry.server.Served.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.Digest;
import dev.forno.oci.MediaTypes;
import dev.forno.registry.client.RegistryClient;
import dev.forno.registry.client.RegistryFiles;
import dev.forno.registry.client.RegistryOptions;
import dev.forno.registry.faults.Fault;
import dev.forno.registry.faults.FaultProxy;
import dev.forno.registry.repositories.Retention;
import dev.forno.store.contents.BlobStat;
import dev.forno.store.contents.Ingest;
import dev.forno.store.records.RecordTable;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A registry whose repositories are copies of another one's, which can be made to fail. */
@Timeout(120)
class CopyTest {
    private static final Duration TTL = Duration.ofMinutes(10);
    private static final Duration KEPT = Duration.ofDays(7);
    private static final long MOST = 1_000_000;

    private final byte[] layer = new byte[400_000];
    private Served origin;
    private FaultProxy between;
    private RegistryClient client;
    private Served copy;

    CopyTest() {
        new Random(5).nextBytes(layer);
    }

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        origin = new Served(directory.resolve("origin"));
        between = FaultProxy.before(origin.host());
        client = new RegistryClient(RegistryOptions.DEFAULT.withRetryDelay(Duration.ofMillis(1)));
        RegistrySettings open = RegistrySettings.OPEN;
        Upstreams upstreams = new Upstreams(List.of("there=" + between.address()), TTL, Upstreams.PATIENCE, client);
        copy = new Served(
                directory.resolve("copy"),
                new RegistrySettings(
                        open.users(),
                        Optional.of(upstreams),
                        open.sparse(),
                        new Retention(open.retention().grace(), open.retention().uploads(), KEPT, MOST),
                        open.engine()));
    }

    @AfterEach
    void close() throws IOException {
        copy.close();
        client.close();
        between.close();
        origin.close();
    }

    /** Pushes an image with the large layer to the origin. */
    private Digest push(String tag) throws IOException, InterruptedException {
        origin.blob("a/b", Served.CONFIG);
        origin.blob("a/b", layer);
        byte[] manifest = Served.manifest(layer);
        expect(201, origin.manifest("a/b", tag, manifest, MediaTypes.OCI_MANIFEST));
        return Digest.of(manifest);
    }

    private String blob() {
        return "/v2/there/a/b/blobs/" + Digest.of(layer);
    }

    @Test
    void anImageIsFetchedOnceAndThenServedFromHere() throws Exception {
        Digest digest = push("latest");
        HttpResponse<byte[]> manifest = expect(200, copy.get("/v2/there/a/b/manifests/latest"));
        assertEquals(digest.toString(), header(manifest, "Docker-Content-Digest"));
        assertEquals(MediaTypes.OCI_MANIFEST, header(manifest, "Content-Type"));
        assertEquals("400000", header(expect(200, copy.send("HEAD", blob())), "Content-Length"));
        assertArrayEquals(layer, expect(200, copy.get(blob())).body());
        assertArrayEquals(layer, expect(200, copy.get(blob())).body());
        expect(200, copy.get("/v2/there/a/b/manifests/" + digest));
        assertEquals(1, between.log("GET .*/blobs/.*").size());
        assertEquals(1, between.log("GET .*/manifests/.*").size());
        copy.restart();
        between.cut();
        expect(200, copy.get("/v2/there/a/b/manifests/latest"));
        assertArrayEquals(layer, expect(200, copy.get(blob())).body());
    }

    @Test
    void aTagIsAskedForAgainAfterAWhile() throws Exception {
        Digest first = push("latest");
        String path = "/v2/there/a/b/manifests/latest";
        assertEquals(first.toString(), header(copy.get(path), "Docker-Content-Digest"));
        Digest second = origin.image("a/b", "latest", "another layer");
        assertEquals(first.toString(), header(copy.get(path), "Docker-Content-Digest"));
        copy.pass(TTL.plusSeconds(1));
        assertEquals(second.toString(), header(copy.get(path), "Docker-Content-Digest"));
        // unchanged: a look is enough
        copy.pass(TTL.plusSeconds(1));
        int fetched = between.log("GET .*/manifests/.*").size();
        assertEquals(second.toString(), header(copy.get(path), "Docker-Content-Digest"));
        assertEquals(fetched, between.log("GET .*/manifests/.*").size());
        expect(202, origin.send("DELETE", "/v2/a/b/manifests/latest"));
        copy.pass(TTL.plusSeconds(1));
        expect(404, "MANIFEST_UNKNOWN", copy.get(path));
        expect(200, copy.get("/v2/there/a/b/manifests/" + second));
    }

    /** Many registries say of what only somebody may read that it isn't there. */
    @Test
    void aTagStaysWhileItMayOnlyBeHidden(@TempDir Path other) throws Exception {
        Path config = Files.writeString(other.resolve("config.json"), "{\"credsStore\":\"missing\"}");
        RegistryOptions options = RegistryOptions.DEFAULT
                .withRetryDelay(Duration.ofMillis(1))
                .withFiles(new RegistryFiles(List.of(), List.of(), config));
        String path = "/v2/there/a/b/manifests/latest";
        push("latest");
        try (RegistryClient nobody = new RegistryClient(options);
                Served unsure = new Served(
                        other.resolve("copy"),
                        Served.with(new Upstreams(
                                List.of("there=" + between.address()), TTL, Upstreams.PATIENCE, nobody)))) {
            expect(200, unsure.get(path));
            unsure.pass(TTL.plusSeconds(1));
            between.always("HEAD", "/manifests/", Fault.status(404));
            between.always("GET", "/manifests/", Fault.status(404));
            HttpResponse<byte[]> hidden = expect(404, "MANIFEST_UNKNOWN", unsure.get(path));
            assertTrue(text(hidden).contains("docker-credential-missing: executable file not found"), text(hidden));
            origin.stopListening();
            between.heal();
            assertTrue(header(expect(200, unsure.get(path)), "Warning").startsWith("299 - \""));
        }
    }

    @Test
    void whatIsHereIsServedWhileTheOriginIsAway() throws Exception {
        Digest digest = push("latest");
        String path = "/v2/there/a/b/manifests/latest";
        expect(200, copy.get(path));
        copy.pass(TTL.plusSeconds(1));
        origin.stopListening();
        HttpResponse<byte[]> stale = expect(200, copy.get(path));
        assertEquals(digest.toString(), header(stale, "Docker-Content-Digest"));
        assertTrue(header(stale, "Warning").startsWith("299 - \""), header(stale, "Warning"));
        // what was never fetched is missing, and the answer says why
        expect(502, copy.get("/v2/there/a/b/manifests/other"));
    }

    @Test
    void manyWhoAskAtOnceShareOneFetch() throws Exception {
        push("latest");
        expect(200, copy.get("/v2/there/a/b/manifests/latest"));
        between.once("GET", "/blobs/", new Fault.Slow(4096, Duration.ofMillis(1)));
        List<Callable<byte[]>> readers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            readers.add(() -> expect(200, copy.get(blob())).body());
        }
        readers.add(() -> expect(206, copy.get(blob(), "Range", "bytes=1000-")).body());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<byte[]> one : threads.invokeAll(readers)) {
                byte[] got = one.get();
                assertArrayEquals(Arrays.copyOfRange(layer, layer.length - got.length, layer.length), got);
            }
        }
        assertEquals(1, between.log("GET .*/blobs/.*").size());
    }

    @Test
    void aFetchThatBreaksOffGoesOn() throws Exception {
        push("latest");
        expect(200, copy.get("/v2/there/a/b/manifests/latest"));
        between.once("GET", "/blobs/", new Fault.ResetAfter(100_000));
        assertArrayEquals(layer, expect(200, copy.get(blob())).body());
    }

    @Test
    void aFetchEndsWithTheRegistryAndGoesOnInTheNext() throws Exception {
        push("latest");
        expect(200, copy.get("/v2/there/a/b/manifests/latest"));
        between.once("GET", "/blobs/", new Fault.Stall(100_000));
        expect(206, copy.get(blob(), "Range", "bytes=0-1000")); // the fetch goes on
        copy.stop();
        // nobody writes it any more, and what came is kept
        try (Ingest left = copy.store().content().ingest("registry-fetch-there/a/b@" + Digest.of(layer))) {
            assertTrue(left.offset() > 1000, () -> left.offset() + " bytes");
        }
        copy.restart();
        assertArrayEquals(layer, expect(200, copy.get(blob())).body());
    }

    @Test
    void wrongBytesAreNeverWholeAndNeverKept() throws Exception {
        push("latest");
        expect(200, copy.get("/v2/there/a/b/manifests/latest"));
        between.once("GET", "/blobs/", new Fault.Corrupt(200_000));
        assertThrows(IOException.class, () -> copy.get(blob()));
        assertArrayEquals(layer, expect(200, copy.get(blob())).body());
    }

    @Test
    void aBlobThatCannotBeFetchedIsRefusedBeforeTheAnswerBegins() throws Exception {
        push("latest");
        byte[] small = "a small layer".getBytes(StandardCharsets.UTF_8);
        Digest image = origin.image("a/b", "small", "a small layer");
        expect(200, copy.get("/v2/there/a/b/manifests/latest"));
        expect(200, copy.get("/v2/there/a/b/manifests/" + image));
        between.once("GET", "/blobs/", new Fault.Corrupt(3));
        expect(502, copy.get("/v2/there/a/b/blobs/" + Digest.of(small)));
        expect(200, copy.get("/v2/there/a/b/blobs/" + Digest.of(small)));
        expect(202, origin.send("DELETE", "/v2/a/b/manifests/latest"));
        expect(202, origin.send("DELETE", "/v2/a/b/manifests/" + Digest.of(Served.manifest(layer))));
        expect(202, origin.send("DELETE", "/v2/a/b/blobs/" + Digest.of(layer)));
        expect(404, "BLOB_UNKNOWN", copy.get(blob()));
        expect(404, "BLOB_UNKNOWN", copy.get(blob(), "Range", "bytes=5-9"));
        origin.stopListening();
        HttpResponse<byte[]> refused = expect(502, copy.get(blob(), "Range", "bytes=0-9"));
        assertEquals("", header(refused, "Content-Range"));
        expect(502, copy.get(blob(), "Range", "bytes=5-9"));
        expect(502, copy.get(blob()));
    }

    @Test
    void whatTheOriginLacksIsNotFound() throws Exception {
        push("latest");
        expect(404, "MANIFEST_UNKNOWN", copy.get("/v2/there/a/b/manifests/other"));
        expect(404, "MANIFEST_UNKNOWN", copy.get("/v2/there/never/manifests/latest"));
        // no manifest that was fetched tells of it
        expect(404, "BLOB_UNKNOWN", copy.get(blob()));
        expect(404, "BLOB_UNKNOWN", copy.get("/v2/there/a/b/blobs/" + Digest.of(new byte[] {1})));
    }

    @Test
    void copiesAreReadOnlyAndOthersAreNot() throws Exception {
        push("latest");
        expect(405, "UNSUPPORTED", copy.send("POST", "/v2/there/a/b/blobs/uploads/"));
        expect(
                405,
                "UNSUPPORTED",
                copy.manifest("there/a/b", "latest", Served.manifest(layer), MediaTypes.OCI_MANIFEST));
        copy.image("own/image", "latest", "layer");
        expect(200, copy.get("/v2/own/image/manifests/latest"));
    }

    @Test
    void aMirrorIsToldWhichRegistryIsMeant() throws Exception {
        Digest digest = push("latest");
        HttpResponse<byte[]> got = expect(200, copy.get("/v2/a/b/manifests/latest?ns=" + between.address()));
        assertEquals(digest.toString(), header(got, "Docker-Content-Digest"));
        assertEquals(between.address(), header(got, "OCI-Namespace"));
        expect(404, copy.get("/v2/a/b/manifests/latest?ns=elsewhere.example"));
    }

    @Test
    void tagsAreTheOrigins() throws Exception {
        push("two");
        push("one");
        assertEquals(
                "{\"name\":\"there/a/b\",\"tags\":[\"one\",\"two\"]}",
                text(expect(200, copy.get("/v2/there/a/b/tags/list"))));
    }

    @Test
    void blobsThatAreHereAlreadyAreNotFetched() throws Exception {
        push("latest");
        copy.blob("own", layer);
        expect(200, copy.get("/v2/there/a/b/manifests/latest"));
        assertArrayEquals(layer, expect(200, copy.get(blob())).body());
        assertEquals(0, between.log("GET .*/blobs/.*").size());
        assertEquals(
                new String(layer, StandardCharsets.ISO_8859_1),
                new String(copy.get("/v2/own/blobs/" + Digest.of(layer)).body(), StandardCharsets.ISO_8859_1));
    }

    /** Pulls a blob, and waits until the copy has it, which is a little later than its last byte. */
    private void pull(byte[] blob) throws Exception {
        Digest digest = Digest.of(blob);
        assertArrayEquals(
                blob, expect(200, copy.get("/v2/there/a/b/blobs/" + digest)).body());
        RecordTable links = copy.store().database().table("registry-blob/there/a/b");
        while (links.get(digest.toString()).isEmpty()) {
            Thread.onSpinWait();
        }
    }

    private List<Digest> stored() {
        return copy.store().content().list().stream().map(BlobStat::digest).toList();
    }

    private boolean isStored(byte[] blob) {
        return stored().contains(Digest.of(blob));
    }

    @Test
    void whatNobodyAsksForGoesAfterAWhile() throws Exception {
        push("latest");
        String path = "/v2/there/a/b/manifests/latest";
        expect(200, copy.get(path));
        pull(layer);
        copy.pass(Duration.ofDays(6));
        expect(200, copy.get(path));
        assertEquals(List.of(), copy.collect().blobs());
        copy.pass(Duration.ofDays(2));
        // the layer was used eight days ago, its manifest two
        assertEquals(List.of(Digest.of(layer)), copy.collect().blobs());
        pull(layer);
        copy.pass(Duration.ofDays(8));
        assertEquals(2, copy.collect().blobs().size());
        assertEquals(List.of(), stored());
        assertEquals("{\"repositories\":[]}", text(copy.get("/v2/_catalog")));
        // and it can be had again
        expect(200, copy.get(path));
        assertArrayEquals(layer, expect(200, copy.get(blob())).body());
    }

    @Test
    void usesCountAcrossRestarts() throws Exception {
        push("latest");
        expect(200, copy.get("/v2/there/a/b/manifests/latest"));
        pull(layer);
        copy.pass(Duration.ofDays(6));
        expect(200, copy.get("/v2/there/a/b/manifests/latest"));
        expect(200, copy.send("HEAD", blob()));
        copy.collect();
        copy.restart();
        copy.pass(Duration.ofDays(6));
        assertEquals(List.of(), copy.collect().blobs());
        copy.pass(Duration.ofDays(2));
        copy.collect();
        assertEquals(List.of(), stored());
    }

    @Test
    void ofTooMuchGoesFirstWhatNobodyAskedForTheLongest() throws Exception {
        List<byte[]> layers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            byte[] one = layer.clone();
            one[0] = (byte) i;
            layers.add(one);
            origin.blob("a/b", Served.CONFIG);
            origin.blob("a/b", one);
            expect(201, origin.manifest("a/b", "v" + i, Served.manifest(one), MediaTypes.OCI_MANIFEST));
            expect(200, copy.get("/v2/there/a/b/manifests/v" + i));
            pull(one);
            copy.pass(Duration.ofMinutes(10));
        }
        // all three are in use
        assertEquals(List.of(), copy.collect().blobs());
        copy.pass(Duration.ofHours(2));
        expect(206, copy.get("/v2/there/a/b/blobs/" + Digest.of(layers.getFirst()), "Range", "bytes=0-9"));
        assertEquals(List.of(Digest.of(layers.get(1))), copy.collect().blobs());
        assertTrue(isStored(layers.get(0)) && isStored(layers.get(2)));
        pull(layers.get(1));
    }

    @Test
    void whatWasPushedHereNeverGoesAsACopy() throws Exception {
        push("latest");
        copy.blob("own", layer);
        Digest own = copy.image("own", "latest", "of my own");
        expect(200, copy.get("/v2/there/a/b/manifests/latest"));
        expect(200, copy.get(blob()));
        byte[] mine = Served.manifest(layer);
        expect(201, copy.manifest("own", "other", mine, MediaTypes.OCI_MANIFEST));
        copy.pass(Duration.ofDays(30));
        assertEquals(List.of(), copy.collect().blobs());
        expect(200, copy.get("/v2/own/manifests/" + own));
        assertArrayEquals(
                layer,
                expect(200, copy.get("/v2/own/blobs/" + Digest.of(layer))).body());
    }
}
