package dev.forno.registry.server;

import static dev.forno.registry.server.Served.expect;
import static dev.forno.registry.server.Served.header;
import static dev.forno.registry.server.Served.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.MediaTypes;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Listing tags, repositories and referrers (distribution spec, "Content Discovery"). */
@Timeout(60)
class DiscoveryTest {
    private Served registry;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        registry = new Served(directory);
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private String list(String path) throws IOException, InterruptedException {
        return text(expect(200, registry.get(path)));
    }

    @Test
    void tagsComeInOrderAndInPages() throws Exception {
        for (String tag : List.of("b", "a", "C", "1.0")) {
            registry.image("a/b", tag, "layer");
        }
        assertEquals("{\"name\":\"a/b\",\"tags\":[\"1.0\",\"C\",\"a\",\"b\"]}", list("/v2/a/b/tags/list"));
        HttpResponse<byte[]> page = expect(200, registry.get("/v2/a/b/tags/list?n=3"));
        assertEquals("{\"name\":\"a/b\",\"tags\":[\"1.0\",\"C\",\"a\"]}", text(page));
        assertEquals("</v2/a/b/tags/list?n=3&last=a>; rel=\"next\"", header(page, "Link"));
        HttpResponse<byte[]> last = expect(200, registry.get("/v2/a/b/tags/list?n=3&last=a"));
        assertEquals("{\"name\":\"a/b\",\"tags\":[\"b\"]}", text(last));
        assertEquals("", header(last, "Link"));
        HttpResponse<byte[]> none = expect(200, registry.get("/v2/a/b/tags/list?n=0"));
        assertEquals("{\"name\":\"a/b\",\"tags\":[]}", text(none));
        assertEquals("", header(none, "Link"));
        assertEquals("", header(expect(200, registry.get("/v2/a/b/tags/list?n=4")), "Link"));
        assertEquals("{\"name\":\"a/b\",\"tags\":[\"a\",\"b\"]}", list("/v2/a/b/tags/list?last=C"));
        expect(400, registry.get("/v2/a/b/tags/list?n=-1"));
        expect(404, "NAME_UNKNOWN", registry.get("/v2/a/c/tags/list"));
    }

    @Test
    void repositoriesAreListed() throws Exception {
        registry.image("b/x", "t", "layer");
        registry.image("a", "t", "layer");
        registry.blob("c", new byte[] {1});
        assertEquals("{\"repositories\":[\"a\",\"b/x\",\"c\"]}", list("/v2/_catalog"));
        HttpResponse<byte[]> page = expect(200, registry.get("/v2/_catalog?n=2"));
        assertEquals("{\"repositories\":[\"a\",\"b/x\"]}", text(page));
        assertEquals("</v2/_catalog?n=2&last=b%2Fx>; rel=\"next\"", header(page, "Link"));
        assertEquals("{\"repositories\":[\"c\"]}", list("/v2/_catalog?n=2&last=b%2Fx"));
    }

    private Digest artifact(String type, Digest subject, Map<String, String> annotations) throws Exception {
        registry.blob("a/b", "{}".getBytes(StandardCharsets.UTF_8));
        byte[] manifest = Served.artifact(type, subject, annotations);
        Digest digest = Digest.of(manifest);
        HttpResponse<byte[]> stored =
                expect(201, registry.manifest("a/b", digest.toString(), manifest, MediaTypes.OCI_MANIFEST));
        assertEquals(subject.toString(), header(stored, "OCI-Subject"));
        return digest;
    }

    private List<Descriptor> referrers(HttpResponse<byte[]> response) {
        expect(200, response);
        assertEquals(MediaTypes.OCI_INDEX, header(response, "Content-Type"));
        return Documents.index(response.body()).manifests();
    }

    @Test
    void referrersAreFoundWhicheverCameFirst() throws Exception {
        Digest subject = Digest.of(Served.manifest("layer".getBytes(StandardCharsets.UTF_8)));
        String path = "/v2/a/b/referrers/" + subject;
        assertEquals(List.of(), referrers(registry.get(path)));
        Digest early = artifact("application/x-early", subject, Map.of("k", "v"));
        assertEquals(subject, registry.image("a/b", "latest", "layer"));
        Digest late = artifact("application/x-late", subject, Map.of());
        List<Descriptor> found = referrers(registry.get(path));
        assertEquals(2, found.size());
        Descriptor first = found.stream()
                .filter(one -> one.digest().equals(early.toString()))
                .findFirst()
                .orElseThrow();
        assertEquals("application/x-early", first.artifactType());
        assertEquals(Map.of("k", "v"), first.annotations());
        assertEquals(MediaTypes.OCI_MANIFEST, first.mediaType());
        HttpResponse<byte[]> filtered = registry.get(path + "?artifactType=application%2Fx-late");
        assertEquals("artifactType", header(filtered, "OCI-Filters-Applied"));
        assertEquals(
                List.of(late.toString()),
                referrers(filtered).stream().map(Descriptor::digest).toList());
        expect(202, registry.send("DELETE", "/v2/a/b/manifests/" + early));
        assertEquals(1, referrers(registry.get(path)).size());
    }

    @Test
    void anArtifactWithoutTypeHasItsConfigurations() throws Exception {
        Digest subject = registry.image("a/b", "latest", "layer");
        byte[] untyped = new String(Served.artifact("TYPE", subject, Map.of()), StandardCharsets.UTF_8)
                .replace("\"artifactType\":\"TYPE\",", "")
                .getBytes(StandardCharsets.UTF_8);
        registry.blob("a/b", "{}".getBytes(StandardCharsets.UTF_8));
        expect(201, registry.manifest("a/b", "sig", untyped, MediaTypes.OCI_MANIFEST));
        Descriptor found =
                referrers(registry.get("/v2/a/b/referrers/" + subject)).getFirst();
        assertEquals("application/vnd.oci.empty.v1+json", found.artifactType());
    }

    @Test
    void badQuestionsAboutReferrers() throws Exception {
        expect(400, "DIGEST_INVALID", registry.get("/v2/a/b/referrers/sha256:x"));
        assertEquals(List.of(), referrers(registry.get("/v2/nowhere/referrers/" + Digest.of(new byte[0]))));
    }

    @Test
    void longListsOfReferrersComeInPages() throws Exception {
        Digest subject = registry.image("a/b", "latest", "layer");
        Map<String, String> annotations = new TreeMap<>();
        for (int i = 0; i < 150; i++) {
            annotations.put("long-" + i, "x".repeat(10_000));
        }
        for (int i = 0; i < 5; i++) {
            annotations.put("one", "of " + i);
            artifact("application/x-large", subject, annotations);
        }
        List<String> found = new ArrayList<>();
        String path = "/v2/a/b/referrers/" + subject + "?artifactType=application/x-large";
        int pages = 0;
        while (!path.isEmpty()) {
            HttpResponse<byte[]> page = registry.get(path);
            assertTrue(page.body().length <= Documents.MAX_MANIFEST_BYTES, "a page is a manifest");
            referrers(page).forEach(one -> found.add(one.digest()));
            String link = header(page, "Link");
            path = link.isEmpty() ? "" : link.substring(1, link.indexOf('>'));
            pages++;
        }
        assertEquals(3, pages);
        assertEquals(5, found.stream().distinct().count());
    }
}
