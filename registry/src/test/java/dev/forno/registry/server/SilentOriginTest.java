package dev.forno.registry.server;

import static dev.forno.registry.server.Served.expect;
import static dev.forno.registry.server.Served.header;
import static dev.forno.registry.server.Served.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.Digest;
import dev.forno.registry.client.RegistryClient;
import dev.forno.registry.client.RegistryOptions;
import dev.forno.registry.faults.Fault;
import dev.forno.registry.faults.FaultProxy;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Copies of a registry that takes requests and doesn't answer them: its client would wait for many minutes. */
@Timeout(30)
class SilentOriginTest {
    private static final Duration TTL = Duration.ofMinutes(10);
    private static final String LATEST = "/v2/there/a/b/manifests/latest";
    private static final String TAGS = "/v2/there/a/b/tags/list";

    private Served origin;
    private FaultProxy between;
    private RegistryClient client;
    private Served copy;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        origin = new Served(directory.resolve("origin"));
        between = FaultProxy.before(origin.host());
        client = new RegistryClient(RegistryOptions.DEFAULT);
        Upstreams upstreams = new Upstreams(List.of("there=" + between.address()), TTL, Duration.ofMillis(500), client);
        copy = new Served(directory.resolve("copy"), Served.with(upstreams));
    }

    @AfterEach
    void close() throws IOException {
        copy.close();
        client.close();
        between.close();
        origin.close();
    }

    /** The origin gets every request, and none gets an answer. */
    private void silence() {
        between.always("HEAD", "/v2/", new Fault.StallUpload(0));
        between.always("GET", "/v2/", new Fault.StallUpload(0));
        between.forget();
    }

    private static void assertStale(HttpResponse<byte[]> answer) {
        expect(200, answer);
        assertTrue(header(answer, "Warning").startsWith("299 - \""), header(answer, "Warning"));
    }

    @Test
    void whatIsHereIsServed() throws Exception {
        Digest digest = origin.image("a/b", "latest", "a layer");
        expect(200, copy.get(LATEST));
        copy.pass(TTL.plusSeconds(1));
        silence();
        HttpResponse<byte[]> stale = copy.get(LATEST);
        assertStale(stale);
        assertEquals(digest.toString(), header(stale, "Docker-Content-Digest"));
        while (between.log().isEmpty()) {
            Thread.sleep(1); // the request was given up, but may be on its way still
        }
        // the next who ask don't wait for it
        int asked = between.log().size();
        assertStale(copy.get(LATEST));
        HttpResponse<byte[]> tags = copy.get(TAGS);
        assertStale(tags);
        assertEquals("{\"name\":\"there/a/b\",\"tags\":[\"latest\"]}", text(tags));
        assertEquals(asked, between.log().size());
        // nor for long for what isn't here
        expect(502, copy.get("/v2/there/a/b/manifests/other"));
        expect(502, copy.get("/v2/there/a/b/manifests/sha256:" + "0".repeat(64)));
        expect(502, copy.get("/v2/there/another/tags/list"));
        expect(200, copy.get("/v2/there/a/b/manifests/" + digest));
        // a while later it is tried again, for as short a time
        copy.pass(Duration.ofSeconds(16));
        assertStale(copy.get(LATEST));
    }

    @Test
    void theTagsThatAreHereAreListed() throws Exception {
        origin.image("a/b", "latest", "a layer");
        expect(200, copy.get(LATEST));
        origin.image("a/b", "other", "another layer");
        silence();
        HttpResponse<byte[]> tags = copy.get(TAGS);
        assertStale(tags);
        assertEquals("{\"name\":\"there/a/b\",\"tags\":[\"latest\"]}", text(tags));
    }

    @Test
    void aLateAnswerCounts() throws Exception {
        origin.image("a/b", "latest", "a layer");
        expect(200, copy.get(LATEST));
        copy.pass(TTL.plusSeconds(1));
        silence();
        assertStale(copy.get(LATEST));
        Digest second = origin.image("a/b", "latest", "another layer");
        between.heal();
        between.cut();
        // the request that was cut off is repeated, though nobody waits for it
        while (!header(expect(200, copy.get(LATEST)), "Docker-Content-Digest").equals(second.toString())) {
            Thread.onSpinWait();
        }
        HttpResponse<byte[]> fresh = expect(200, copy.get(LATEST));
        assertEquals("", header(fresh, "Warning"));
    }
}
