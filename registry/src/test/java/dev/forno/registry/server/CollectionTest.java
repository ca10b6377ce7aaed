package dev.forno.registry.server;

import static dev.forno.registry.server.Served.expect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.Digest;
import dev.forno.oci.MediaTypes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Collecting garbage while serving. */
@Timeout(120)
class CollectionTest {
    private Served registry;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        registry = new Served(directory);
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private boolean stored(Digest digest) {
        return registry.store().content().stat(digest).isPresent();
    }

    private static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatARepositoryReachesStays() throws Exception {
        Digest manifest = registry.image("a/b", "latest", "layer");
        registry.pass(Duration.ofDays(30));
        assertEquals(List.of(), registry.collect().blobs());
        expect(202, registry.send("DELETE", "/v2/a/b/manifests/latest"));
        registry.pass(Duration.ofDays(30));
        assertEquals(List.of(), registry.collect().blobs());
        expect(200, registry.get("/v2/a/b/manifests/" + manifest));
        expect(200, registry.get("/v2/a/b/blobs/" + digest("layer")));
    }

    @Test
    void deletionFreesAtTheNextCollection() throws Exception {
        Digest first = registry.image("a/b", "first", "layer one");
        Digest second = registry.image("a/b", "second", "layer two");
        expect(202, registry.send("DELETE", "/v2/a/b/manifests/" + first));
        List<Digest> removed = registry.collect().blobs();
        assertEquals(2, removed.size(), removed::toString);
        assertTrue(removed.contains(first) && removed.contains(digest("layer one")), removed::toString);
        // the configuration is the other image's too
        assertTrue(stored(Digest.of(Served.CONFIG)));
        expect(202, registry.send("DELETE", "/v2/a/b/manifests/" + second));
        registry.collect();
        assertEquals(List.of(), registry.store().content().list());
        expect(404, "NAME_UNKNOWN", registry.get("/v2/a/b/tags/list"));
    }

    @Test
    void anotherRepositoryKeepsTheBytes() throws Exception {
        Digest manifest = registry.image("a/b", "latest", "layer");
        registry.image("c", "latest", "layer");
        expect(202, registry.send("DELETE", "/v2/a/b/manifests/" + manifest));
        assertEquals(List.of(), registry.collect().blobs());
        expect(200, registry.get("/v2/c/blobs/" + digest("layer")));
        expect(404, registry.get("/v2/a/b/blobs/" + digest("layer")));
    }

    @Test
    void aBlobWaitsForItsManifest() throws Exception {
        Digest blob = registry.blob("a/b", new byte[] {1, 2, 3});
        registry.pass(Duration.ofMinutes(59));
        registry.collect();
        assertTrue(stored(blob));
        // who was told that it is here may count on it
        expect(200, registry.send("HEAD", "/v2/a/b/blobs/" + blob));
        registry.pass(Duration.ofMinutes(59));
        registry.collect();
        assertTrue(stored(blob));
        registry.pass(Duration.ofMinutes(2));
        assertEquals(List.of(blob), registry.collect().blobs());
    }

    @Test
    void aDeletedManifestsBlobStaysForWhoLookedForIt() throws Exception {
        Digest manifest = registry.image("a/b", "latest", "layer");
        expect(202, registry.send("DELETE", "/v2/a/b/manifests/" + manifest));
        expect(200, registry.send("HEAD", "/v2/a/b/blobs/" + digest("layer")));
        expect(200, registry.send("HEAD", "/v2/a/b/blobs/" + Digest.of(Served.CONFIG)));
        assertEquals(List.of(manifest), registry.collect().blobs());
        byte[] again = Served.manifest("layer".getBytes(StandardCharsets.UTF_8));
        expect(201, registry.manifest("a/b", "latest", again, MediaTypes.OCI_MANIFEST));
    }

    @Test
    void aBlobThatWasPushedAgainOutlivesTheDeletionOfItsManifest() throws Exception {
        Digest manifest = registry.image("a/b", "latest", "layer");
        registry.blob("a/b", "layer".getBytes(StandardCharsets.UTF_8));
        expect(202, registry.send("DELETE", "/v2/a/b/manifests/" + manifest));
        registry.collect();
        assertTrue(stored(digest("layer")));
        registry.pass(Duration.ofMinutes(61));
        assertEquals(List.of(digest("layer")), registry.collect().blobs());
    }

    /** Pushes, deletions and collections at once: every push that was acknowledged is whole as long as nobody deletes it. */
    @Test
    void pushesSurviveCollectionsInBetween() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> collections = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                registry.collect();
            }
        });
        try {
            for (int i = 0; i < 40; i++) {
                String layer = "layer " + i % 3;
                Digest manifest = registry.image("a/b", "t" + i % 2, layer);
                expect(200, registry.get("/v2/a/b/manifests/" + manifest));
                expect(200, registry.get("/v2/a/b/blobs/" + digest(layer)));
                expect(200, registry.get("/v2/a/b/blobs/" + Digest.of(Served.CONFIG)));
                if (i % 4 == 3) {
                    expect(202, registry.send("DELETE", "/v2/a/b/manifests/" + manifest));
                }
            }
        } finally {
            done.set(true);
            collections.join();
        }
    }
}
