package dev.forno.registry.server;

import static dev.forno.registry.server.Served.expect;
import static dev.forno.registry.server.Served.header;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every way to push a blob (distribution spec, "Pushing blobs"). */
@Timeout(60)
class UploadTest {
    private static final String START = "/v2/a/b/blobs/uploads/";

    private final byte[] content = new byte[300_000];
    private final Digest digest;
    private Served registry;

    UploadTest() {
        new Random(7).nextBytes(content);
        digest = Digest.of(content);
    }

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        registry = new Served(directory);
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private String begin() throws IOException, InterruptedException {
        HttpResponse<byte[]> begun = expect(202, registry.send("POST", START));
        String location = header(begun, "Location");
        assertTrue(location.matches("/v2/a/b/blobs/uploads/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), location);
        assertEquals("0-0", header(begun, "Range"));
        return location;
    }

    private byte[] part(int from, int to) {
        return Arrays.copyOfRange(content, from, to);
    }

    private void expectStored(Digest name) throws IOException, InterruptedException {
        HttpResponse<byte[]> stored = expect(200, registry.get("/v2/a/b/blobs/" + name));
        assertArrayEquals(content, stored.body());
        assertEquals(name.toString(), header(stored, "Docker-Content-Digest"));
    }

    private void expectCreated(HttpResponse<byte[]> response, Digest name) throws IOException, InterruptedException {
        expect(201, response);
        assertEquals("/v2/a/b/blobs/" + name, header(response, "Location"));
        assertEquals(name.toString(), header(response, "Docker-Content-Digest"));
        expectStored(name);
    }

    @Test
    void postThenPut() throws Exception {
        expectCreated(registry.send("PUT", begin() + "?digest=" + digest, content), digest);
    }

    @Test
    void aSinglePost() throws Exception {
        expectCreated(registry.send("POST", START + "?digest=" + digest, content), digest);
    }

    @Test
    void sha512InEveryWay() throws Exception {
        Digest name = Served.sha512(content);
        expectCreated(registry.send("POST", START + "?digest=" + name, content), name);
        String location = header(expect(202, registry.send("POST", START + "?digest-algorithm=sha512")), "Location");
        expectCreated(registry.send("PUT", location + "?digest=" + name, content), name);
        expect(400, "DIGEST_INVALID", registry.send("POST", START + "?digest-algorithm=md5"));
    }

    @Test
    void aStreamOfUnknownLength() throws Exception {
        String location = begin();
        HttpResponse<byte[]> patched = expect(
                202,
                registry.send(
                        "PATCH", location, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content))));
        assertEquals("0-299999", header(patched, "Range"));
        expectCreated(registry.send("PUT", header(patched, "Location") + "?digest=" + digest), digest);
    }

    @Test
    void chunksWithTheLastInThePut() throws Exception {
        String location = begin();
        HttpResponse<byte[]> first = registry.send("PATCH", location, part(0, 100_000), "Content-Range", "0-99999");
        assertEquals("0-99999", header(expect(202, first), "Range"));
        HttpResponse<byte[]> second = registry.send(
                "PATCH", header(first, "Location"), part(100_000, 200_000), "Content-Range", "100000-199999");
        assertEquals("0-199999", header(expect(202, second), "Range"));
        HttpResponse<byte[]> status = expect(204, registry.get(header(second, "Location")));
        assertEquals("0-199999", header(status, "Range"));
        assertEquals(location, header(status, "Location"));
        expectCreated(
                registry.send(
                        "PUT",
                        location + "?digest=" + digest,
                        part(200_000, 300_000),
                        "Content-Range",
                        "200000-299999"),
                digest);
    }

    @Test
    void chunksOutOfOrderAreRefusedAndHarmless() throws Exception {
        String location = begin();
        expect(202, registry.send("PATCH", location, part(0, 100_000), "Content-Range", "0-99999"));
        for (String range : new String[] {"200000-299999", "0-99999", "99999-199998"}) {
            HttpResponse<byte[]> refused = registry.send("PATCH", location, part(0, 100_000), "Content-Range", range);
            expect(416, "BLOB_UPLOAD_INVALID", refused);
            assertEquals("0-99999", header(refused, "Range"));
            assertEquals(location, header(refused, "Location"));
        }
        expect(
                416,
                "BLOB_UPLOAD_INVALID",
                registry.send("PUT", location + "?digest=" + digest, part(0, 5), "Content-Range", "7-11"));
        expect(416, "BLOB_UPLOAD_INVALID", registry.send("PATCH", location, part(0, 5), "Content-Range", "x"));
        expect(202, registry.send("PATCH", location, part(100_000, 300_000), "Content-Range", "100000-299999"));
        expectCreated(registry.send("PUT", location + "?digest=" + digest), digest);
    }

    @Test
    void aChunkMustBeAsLongAsItSays() throws Exception {
        String location = begin();
        expect(400, "SIZE_INVALID", registry.send("PATCH", location, part(0, 10), "Content-Range", "0-99"));
        expect(
                400,
                "SIZE_INVALID",
                registry.send(
                        "PATCH",
                        location,
                        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content)),
                        "Content-Range",
                        "0-99"));
        assertEquals("0-0", header(expect(204, registry.get(location)), "Range"));
    }

    @Test
    void anUploadCanBeCancelled() throws Exception {
        String location = begin();
        expect(202, registry.send("PATCH", location, part(0, 10)));
        expect(204, registry.send("DELETE", location));
        expect(404, "BLOB_UPLOAD_UNKNOWN", registry.get(location));
        expect(404, "BLOB_UPLOAD_UNKNOWN", registry.send("DELETE", location));
        expect(404, "BLOB_UPLOAD_UNKNOWN", registry.send("PATCH", location, part(0, 10)));
        expect(404, "BLOB_UPLOAD_UNKNOWN", registry.send("PUT", location + "?digest=" + digest, content));
    }

    @Test
    void anotherDigestIsRefusedAndNothingIsKept() throws Exception {
        byte[] other = part(0, 1000);
        expect(400, "DIGEST_INVALID", registry.send("POST", START + "?digest=" + digest, other));
        expect(400, "DIGEST_INVALID", registry.send("PUT", begin() + "?digest=" + digest, other));
        String location = begin();
        expect(400, "DIGEST_INVALID", registry.send("PUT", location + "?digest=sha256:short", content));
        expect(400, "DIGEST_INVALID", registry.send("PUT", location, content));
        expect(404, "BLOB_UNKNOWN", registry.get("/v2/a/b/blobs/" + digest));
        assertEquals(0, registry.store().content().list().size());
    }

    @Test
    void anUploadBelongsToItsRepository() throws Exception {
        String other = begin().replace("/v2/a/b/", "/v2/c/");
        expect(404, "BLOB_UPLOAD_UNKNOWN", registry.send("PATCH", other, content));
        expect(404, "BLOB_UPLOAD_UNKNOWN", registry.get(other));
    }

    @Test
    void anUploadGoesOnAfterARestart() throws Exception {
        String location = begin();
        expect(202, registry.send("PATCH", location, part(0, 123_456)));
        registry.restart();
        assertEquals("0-123455", header(expect(204, registry.get(location)), "Range"));
        expectCreated(registry.send("PUT", location + "?digest=" + digest, part(123_456, 300_000)), digest);
    }

    @Test
    void whatCameBeforeABreakStays() throws Exception {
        String location = begin();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), registry.port())) {
            String head = "PATCH " + location + " HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(content, 0, 50_000);
        }
        HttpResponse<byte[]> finished;
        int offset;
        do { // the request that broke off may still be at work: then more is here than it said
            String range = header(expect(204, registry.get(location)), "Range");
            offset = range.equals("0-0") ? 0 : Integer.parseInt(range.substring(2)) + 1;
            finished = registry.send(
                    "PUT", location + "?digest=" + digest, part(offset, 300_000), "Content-Range", offset + "-299999");
        } while (finished.statusCode() == 416);
        assertTrue(offset <= 50_000, "at " + offset);
        expectCreated(finished, digest);
    }

    @Test
    void oldUploadsEnd() throws Exception {
        String location = begin();
        expect(202, registry.send("PATCH", location, part(0, 10)));
        registry.pass(Duration.ofHours(23));
        registry.collect();
        expect(204, registry.get(location));
        registry.pass(Duration.ofHours(2));
        registry.collect();
        expect(404, "BLOB_UPLOAD_UNKNOWN", registry.get(location));
    }

    @Test
    void anEmptyBlobIsABlob() throws Exception {
        Digest empty = Digest.of(new byte[0]);
        expect(201, registry.send("POST", START + "?digest=" + empty, new byte[0]));
        assertEquals(0, expect(200, registry.get("/v2/a/b/blobs/" + empty)).body().length);
        expect(201, registry.send("PUT", begin() + "?digest=" + empty));
    }

    @Test
    void malformedNamesAreRefused() throws Exception {
        for (String name : new String[] {"A/b", "a//b", "a/-b", "a..b", "x".repeat(256)}) {
            expect(400, "NAME_INVALID", registry.send("POST", "/v2/" + name + "/blobs/uploads/"));
        }
    }
}
