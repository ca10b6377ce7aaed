package dev.forno.registry.server;

import static dev.forno.registry.server.Served.expect;
import static dev.forno.registry.server.Served.header;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forno.oci.Digest;
import dev.forno.oci.MediaTypes;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reading manifests and blobs (distribution spec, "Pull"). */
@Timeout(60)
class PullTest {
    private static final int SIZE = 200_000;

    private final byte[] content = new byte[SIZE];
    private Served registry;

    PullTest() {
        new Random(3).nextBytes(content);
    }

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        registry = new Served(directory);
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void theRootTellsTheVersion() throws Exception {
        for (String path : new String[] {"/v2/", "/v2"}) {
            HttpResponse<byte[]> root = expect(200, registry.get(path));
            assertEquals("registry/2.0", header(root, "Docker-Distribution-Api-Version"));
        }
        expect(404, registry.get("/v3/"));
    }

    @Test
    void aManifestComesByTagAndDigestAsItWasPushed() throws Exception {
        Digest digest = registry.image("a/b", "latest", "layer");
        byte[] bytes = Served.manifest("layer".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        for (String reference : new String[] {"latest", digest.toString()}) {
            String path = "/v2/a/b/manifests/" + reference;
            HttpResponse<byte[]> got = expect(200, registry.get(path));
            assertArrayEquals(bytes, got.body());
            assertEquals(MediaTypes.OCI_MANIFEST, header(got, "Content-Type"));
            assertEquals(digest.toString(), header(got, "Docker-Content-Digest"));
            HttpResponse<byte[]> head = expect(200, registry.send("HEAD", path));
            assertEquals(Integer.toString(bytes.length), header(head, "Content-Length"));
            assertEquals(digest.toString(), header(head, "Docker-Content-Digest"));
            expect(304, registry.get(path, "If-None-Match", "\"" + digest + "\""));
        }
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        registry.image("a/b", "latest", "layer");
        Digest unknown = Digest.of(content);
        expect(404, "MANIFEST_UNKNOWN", registry.get("/v2/a/b/manifests/other"));
        expect(404, "MANIFEST_UNKNOWN", registry.get("/v2/a/b/manifests/" + unknown));
        expect(404, "MANIFEST_UNKNOWN", registry.get("/v2/never/manifests/latest"));
        expect(404, "BLOB_UNKNOWN", registry.get("/v2/a/b/blobs/" + unknown));
        expect(404, registry.send("HEAD", "/v2/a/b/blobs/" + unknown));
        expect(404, registry.send("HEAD", "/v2/a/b/manifests/other"));
        expect(400, "DIGEST_INVALID", registry.get("/v2/a/b/blobs/sha256:abc"));
        expect(400, "DIGEST_INVALID", registry.get("/v2/a/b/manifests/sha256:abc"));
        expect(400, "MANIFEST_INVALID", registry.get("/v2/a/b/manifests/.tag"));
    }

    /** A blob is found only where it was pushed, though its bytes are stored once for all. */
    @Test
    void repositoriesDoNotSeeEachOthersBlobs() throws Exception {
        Digest digest = registry.blob("a/b", content);
        expect(200, registry.get("/v2/a/b/blobs/" + digest));
        expect(404, "BLOB_UNKNOWN", registry.get("/v2/a/c/blobs/" + digest));
    }

    @Test
    void partsOfABlob() throws Exception {
        String path = "/v2/a/b/blobs/" + registry.blob("a/b", content);
        HttpResponse<byte[]> head = expect(200, registry.send("HEAD", path));
        assertEquals(Integer.toString(SIZE), header(head, "Content-Length"));
        assertEquals("bytes", header(head, "Accept-Ranges"));
        expectPart(path, "bytes=500-1499", 500, 1500);
        expectPart(path, "bytes=199000-", 199_000, SIZE);
        expectPart(path, "bytes=-100000", 100_000, SIZE);
        expectPart(path, "bytes=100-999999", 100, SIZE);
    }

    private void expectPart(String path, String range, int from, int to) throws IOException, InterruptedException {
        HttpResponse<byte[]> part = expect(206, registry.get(path, "Range", range));
        assertArrayEquals(Arrays.copyOfRange(content, from, to), part.body());
        assertEquals("bytes " + from + "-" + (to - 1) + "/" + SIZE, header(part, "Content-Range"));
    }

    @Test
    void partsThatDoNotExist() throws Exception {
        String path = "/v2/a/b/blobs/" + registry.blob("a/b", content);
        for (String range : new String[] {"bytes=200000-", "bytes=500-0", "bytes=-0"}) {
            HttpResponse<byte[]> refused = expect(416, registry.get(path, "Range", range));
            assertEquals("bytes */" + SIZE, header(refused, "Content-Range"));
        }
    }

    @Test
    void severalPartsAtOnceAndOtherBlobsGiveTheWhole() throws Exception {
        Digest digest = registry.blob("a/b", content);
        String path = "/v2/a/b/blobs/" + digest;
        assertArrayEquals(
                content,
                expect(200, registry.get(path, "Range", "bytes=0-9,20-29")).body());
        assertArrayEquals(
                content,
                expect(200, registry.get(path, "Range", "bytes=0-9", "If-Range", "\"other\""))
                        .body());
        assertEquals(
                10,
                expect(206, registry.get(path, "Range", "bytes=0-9", "If-Range", "\"" + digest + "\""))
                        .body()
                        .length);
        expect(304, registry.get(path, "If-None-Match", "\"" + digest + "\""));
    }
}
