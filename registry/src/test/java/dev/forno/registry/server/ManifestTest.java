package dev.forno.registry.server;

import static dev.forno.registry.server.Served.expect;
import static dev.forno.registry.server.Served.header;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.MediaTypes;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pushing and deleting manifests and tags, and mounting blobs (distribution spec, "Push" and "Content Management"). */
@Timeout(60)
class ManifestTest {
    private static final byte[] LAYER = "layer".getBytes(StandardCharsets.UTF_8);

    private Served registry;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        registry = new Served(directory);
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void whatAManifestNeedsMustBeThere() throws Exception {
        registry.blob("a/b", Served.CONFIG);
        byte[] manifest = Served.manifest(LAYER);
        HttpResponse<byte[]> refused = expect(
                400, "MANIFEST_BLOB_UNKNOWN", registry.manifest("a/b", "latest", manifest, MediaTypes.OCI_MANIFEST));
        assertTrue(Served.text(refused).contains("\"detail\":\"" + Digest.of(LAYER) + "\""), Served.text(refused));
        // elsewhere is not here
        registry.blob("other", LAYER);
        expect(400, "MANIFEST_BLOB_UNKNOWN", registry.manifest("a/b", "latest", manifest, MediaTypes.OCI_MANIFEST));
        registry.blob("a/b", LAYER);
        HttpResponse<byte[]> stored =
                expect(201, registry.manifest("a/b", "latest", manifest, MediaTypes.OCI_MANIFEST + "; charset=utf-8"));
        assertEquals("/v2/a/b/manifests/latest", header(stored, "Location"));
        assertEquals(Digest.of(manifest).toString(), header(stored, "Docker-Content-Digest"));
        assertEquals(MediaTypes.OCI_MANIFEST, header(registry.get("/v2/a/b/manifests/latest"), "Content-Type"));
    }

    @Test
    void anIndexNeedsItsManifests() throws Exception {
        byte[] manifest = Served.manifest(LAYER);
        byte[] index =
                Served.index(List.of(Descriptor.of(MediaTypes.OCI_MANIFEST, Digest.of(manifest), manifest.length)));
        expect(400, "MANIFEST_BLOB_UNKNOWN", registry.manifest("a/b", "all", index, MediaTypes.OCI_INDEX));
        registry.image("a/b", "one", "layer");
        expect(201, registry.manifest("a/b", "all", index, MediaTypes.OCI_INDEX));
        expect(201, registry.manifest("a/b", "none", Served.index(List.of()), MediaTypes.OCI_INDEX));
    }

    @Test
    void aSparseRegistryTakesManifestsFirst(@TempDir Path other) throws Exception {
        RegistrySettings open = RegistrySettings.OPEN;
        RegistrySettings sparse =
                new RegistrySettings(open.users(), open.upstreams(), true, open.retention(), open.engine());
        try (Served served = new Served(other, sparse)) {
            expect(201, served.manifest("a/b", "latest", Served.manifest(LAYER), MediaTypes.OCI_MANIFEST));
        }
    }

    @Test
    void foreignLayersNeedNotBeThere() throws Exception {
        registry.blob("a/b", Served.CONFIG);
        String json = new String(Served.manifest(LAYER), StandardCharsets.UTF_8)
                .replace(MediaTypes.OCI_LAYER, "application/vnd.oci.image.layer.nondistributable.v1.tar");
        expect(201, registry.manifest("a/b", "x", json.getBytes(StandardCharsets.UTF_8), MediaTypes.OCI_MANIFEST));
    }

    @Test
    void whatIsNoManifestIsRefused() throws Exception {
        registry.image("a/b", "latest", "layer");
        String good = new String(Served.manifest(LAYER), StandardCharsets.UTF_8);
        Map<String, String> bad = Map.of(
                "no JSON", "x",
                "nothing", "",
                "another type", good.replace(MediaTypes.OCI_MANIFEST, MediaTypes.DOCKER_MANIFEST),
                "an old version", good.replace("\"schemaVersion\":2", "\"schemaVersion\":1"),
                "a bad digest", good.replace("sha256:", "sha257:"),
                "depth",
                        good.replace(
                                "{\"schemaVersion\"",
                                "{\"x\":" + "[".repeat(3000) + "]".repeat(3000) + ",\"schemaVersion\""),
                "null layers", good.replaceAll("\"layers\":\\[.*]", "\"layers\":[null]"));
        for (Map.Entry<String, String> one : bad.entrySet()) {
            byte[] bytes = one.getValue().getBytes(StandardCharsets.UTF_8);
            HttpResponse<byte[]> refused = registry.manifest("a/b", "bad", bytes, MediaTypes.OCI_MANIFEST);
            assertEquals(400, refused.statusCode(), one.getKey() + ": " + Served.text(refused));
            expect(400, "MANIFEST_INVALID", refused);
        }
        expect(400, "MANIFEST_INVALID", registry.manifest("a/b", "x", Served.manifest(LAYER), "text/plain"));
        expect(
                400,
                "MANIFEST_INVALID",
                registry.manifest("a/b", "x", Served.manifest(LAYER), MediaTypes.DOCKER_MANIFEST_V1_SIGNED));
        expect(404, registry.get("/v2/a/b/manifests/bad"));
    }

    @Test
    void largeManifestsAreRefusedAndTheLargestTaken() throws Exception {
        registry.image("a/b", "latest", "layer");
        byte[] good = Served.manifest(LAYER);
        byte[] largest = java.util.Arrays.copyOf(good, 4 << 20);
        java.util.Arrays.fill(largest, good.length, largest.length, (byte) ' ');
        expect(201, registry.manifest("a/b", "large", largest, MediaTypes.OCI_MANIFEST));
        byte[] larger = java.util.Arrays.copyOf(largest, largest.length + 1);
        larger[largest.length] = ' ';
        expect(413, "SIZE_INVALID", registry.manifest("a/b", "larger", larger, MediaTypes.OCI_MANIFEST));
    }

    @Test
    void anIndexOfThirtyThousandEntriesIsLookedAtWhole() throws Exception {
        List<Descriptor> entries = IntStream.range(0, 30_000)
                .mapToObj(
                        i -> Descriptor.of("a/b", Digest.of(Integer.toString(i).getBytes(StandardCharsets.UTF_8)), 1))
                .toList();
        HttpResponse<byte[]> refused = expect(
                400,
                "MANIFEST_BLOB_UNKNOWN",
                registry.manifest("a/b", "many", Served.index(entries), MediaTypes.OCI_INDEX));
        assertTrue(refused.body().length < 1 << 20, "the answer is bounded");
    }

    @Test
    void aDigestMustBeTheManifests() throws Exception {
        registry.image("a/b", "latest", "layer");
        byte[] manifest = Served.manifest(LAYER);
        String other = Digest.of(LAYER).toString();
        expect(400, "DIGEST_INVALID", registry.manifest("a/b", other, manifest, MediaTypes.OCI_MANIFEST));
        expect(400, "DIGEST_INVALID", registry.manifest("a/b", "sha256:x", manifest, MediaTypes.OCI_MANIFEST));
        String sha512 = Served.sha512(manifest).toString();
        HttpResponse<byte[]> stored = expect(
                201, registry.manifest("a/b", sha512 + "?tag=1&tag=1.2&tag=1", manifest, MediaTypes.OCI_MANIFEST));
        assertEquals(sha512, header(stored, "Docker-Content-Digest"));
        assertEquals(List.of("1", "1.2"), stored.headers().allValues("OCI-Tag"));
        assertEquals(sha512, header(registry.get("/v2/a/b/manifests/1.2"), "Docker-Content-Digest"));
        expect(400, "MANIFEST_INVALID", registry.manifest("a/b", sha512 + "?tag=-", manifest, MediaTypes.OCI_MANIFEST));
        String tags = "?tag=t"
                + String.join(
                        "&tag=t",
                        IntStream.range(0, 101).mapToObj(Integer::toString).toList());
        expect(414, registry.manifest("a/b", sha512 + tags, manifest, MediaTypes.OCI_MANIFEST));
    }

    @Test
    void blobsAreMountedFromWhereTheyAre() throws Exception {
        Digest digest = registry.blob("from/here", LAYER);
        String start = "/v2/to/there/blobs/uploads/?mount=" + digest;
        HttpResponse<byte[]> mounted = expect(201, registry.send("POST", start + "&from=from/here"));
        assertEquals("/v2/to/there/blobs/" + digest, header(mounted, "Location"));
        expect(200, registry.get("/v2/to/there/blobs/" + digest));
        // without a source the registry looks itself
        expect(201, registry.send("POST", "/v2/third/blobs/uploads/?mount=" + digest));
        HttpResponse<byte[]> begun = expect(
                202, registry.send("POST", "/v2/to/blobs/uploads/?from=from/here&mount=" + Digest.of(Served.CONFIG)));
        expect(204, registry.get(header(begun, "Location")));
    }

    @Test
    void tagsAndManifestsAreDeleted() throws Exception {
        Digest digest = registry.image("a/b", "one", "layer");
        registry.image("a/b", "two", "layer");
        expect(202, registry.send("DELETE", "/v2/a/b/manifests/one"));
        expect(404, registry.get("/v2/a/b/manifests/one"));
        expect(200, registry.get("/v2/a/b/manifests/two"));
        expect(404, "MANIFEST_UNKNOWN", registry.send("DELETE", "/v2/a/b/manifests/one"));
        expect(202, registry.send("DELETE", "/v2/a/b/manifests/" + digest));
        expect(404, registry.get("/v2/a/b/manifests/two"));
        expect(404, registry.get("/v2/a/b/manifests/" + digest));
        expect(404, "MANIFEST_UNKNOWN", registry.send("DELETE", "/v2/a/b/manifests/" + digest));
    }

    @Test
    void aBlobIsDeletedWhenNoManifestNeedsIt() throws Exception {
        Digest digest = registry.image("a/b", "one", "layer");
        String path = "/v2/a/b/blobs/" + Digest.of(LAYER);
        expect(405, "UNSUPPORTED", registry.send("DELETE", path));
        expect(202, registry.send("DELETE", "/v2/a/b/manifests/" + digest));
        expect(202, registry.send("DELETE", path));
        expect(404, registry.get(path));
        expect(404, "BLOB_UNKNOWN", registry.send("DELETE", path));
    }
}
