package dev.forno.registry.repositories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.Index;
import dev.forno.oci.Manifest;
import dev.forno.oci.MediaTypes;
import dev.forno.store.Store;
import dev.forno.store.contents.Ingest;
import dev.forno.store.snapshots.SnapshotterChoice;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is fetched into a repository, and pushed to it later, when it is no copy of another one any more. */
class FetchedContentTest {
    private static final String NAME = "a/b";
    private static final Duration EIGHT_DAYS = Duration.ofDays(8);

    private final Descriptor config;
    private final Descriptor layer;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private Store store;
    private Repositories repositories;

    FetchedContentTest() {
        config = Descriptor.of(MediaTypes.OCI_CONFIG, Digest.of(bytes("{}")), 2);
        layer = Descriptor.of(MediaTypes.OCI_LAYER, Digest.of(bytes("layer")), 5);
    }

    @BeforeEach
    void open(@TempDir Path directory) {
        InstantSource clock = () -> now;
        store = Store.open(directory, clock, SnapshotterChoice.UNPACK);
        repositories = new Repositories(
                new Storage(store.content(), store.database(), store.leases()), Retention.DEFAULT, clock);
        fetch("{}");
        fetch("layer");
    }

    @AfterEach
    void close() {
        repositories.close();
        store.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Makes the repository hold a blob as a copy. */
    private void fetch(String text) {
        byte[] bytes = bytes(text);
        try (Ingest ingest = store.content().ingest()) {
            ingest.write(bytes, 0, bytes.length);
            ingest.commit(Digest.of(bytes), bytes.length);
        }
        repositories.links().addCopy(NAME, Digest.of(bytes), bytes.length);
    }

    private byte[] image(Map<String, String> annotations, @Nullable Descriptor subject) {
        return Documents.write(
                Manifest.class,
                new Manifest(2, MediaTypes.OCI_MANIFEST, null, config, List.of(layer), subject, annotations));
    }

    private static Descriptor describe(byte[] manifest) {
        return Descriptor.of(MediaTypes.OCI_MANIFEST, Digest.of(manifest), manifest.length);
    }

    private Digest put(byte[] manifest, String mediaType, Checks how) {
        return repositories
                .manifests()
                .put(NAME, manifest, mediaType, Digest.of(manifest), Map.of(), how)
                .digest();
    }

    private void collect() {
        repositories.tidy();
        store.garbage().collect(() -> Repositories.roots(store.database()));
    }

    private boolean isHere(Digest manifest) {
        return repositories.manifests().find(NAME, manifest).isPresent()
                && store.content().stat(manifest).isPresent();
    }

    private void assertBlobsAreHere() {
        assertTrue(repositories.links().find(NAME, config.contentDigest()).isPresent());
        assertTrue(repositories.links().find(NAME, layer.contentDigest()).isPresent());
    }

    @Test
    void copiesGo() {
        Digest image = put(image(Map.of(), null), MediaTypes.OCI_MANIFEST, Checks.COPY);
        now = now.plus(EIGHT_DAYS);
        collect();
        assertEquals(List.of(), store.content().list());
        assertTrue(repositories.manifests().find(NAME, image).isEmpty());
    }

    @Test
    void whatAPushedImageNeedsStays() {
        Digest copy = put(image(Map.of(), null), MediaTypes.OCI_MANIFEST, Checks.COPY);
        Digest pushed = put(image(Map.of("my", "own"), null), MediaTypes.OCI_MANIFEST, Checks.COMPLETE);
        now = now.plus(EIGHT_DAYS);
        collect();
        assertTrue(repositories.manifests().find(NAME, copy).isEmpty());
        assertTrue(isHere(pushed));
        assertBlobsAreHere();
    }

    @Test
    void whatTheImagesOfAPushedIndexNeedStays() {
        byte[] image = image(Map.of(), null);
        byte[] inner = Documents.write(Index.class, Index.of(List.of(describe(image))));
        byte[] outer = Documents.write(
                Index.class, Index.of(List.of(Descriptor.of(MediaTypes.OCI_INDEX, Digest.of(inner), inner.length))));
        put(image, MediaTypes.OCI_MANIFEST, Checks.COPY);
        put(inner, MediaTypes.OCI_INDEX, Checks.COPY);
        put(outer, MediaTypes.OCI_INDEX, Checks.COPY);
        put(outer, MediaTypes.OCI_INDEX, Checks.COMPLETE);
        now = now.plus(EIGHT_DAYS);
        collect();
        assertTrue(isHere(Digest.of(outer)));
        assertTrue(isHere(Digest.of(inner)));
        assertTrue(isHere(Digest.of(image)));
        assertBlobsAreHere();
    }

    @Test
    void whatAPushedManifestRefersToStays() {
        byte[] image = image(Map.of(), null);
        put(image, MediaTypes.OCI_MANIFEST, Checks.COPY);
        put(image(Map.of("a", "signature"), describe(image)), MediaTypes.OCI_MANIFEST, Checks.COMPLETE);
        now = now.plus(EIGHT_DAYS);
        collect();
        assertTrue(isHere(Digest.of(image)));
        assertBlobsAreHere();
    }

    @Test
    void whatIsPushedAfterItWasListedStays() {
        now = now.plus(EIGHT_DAYS);
        // asked for the time once it has listed the copies, and about to let one go
        InstantSource pushing = () -> {
            repositories.links().add(NAME, layer.contentDigest(), layer.size());
            return now;
        };
        Retention oneByte = new Retention(Duration.ofHours(1), Duration.ofDays(1), Duration.ZERO, 1);
        new FetchedContent(store.database(), new RecentUse(oneByte.grace(), () -> now), oneByte, pushing).evict();
        assertTrue(repositories.links().find(NAME, layer.contentDigest()).isPresent());
        assertTrue(repositories.links().find(NAME, config.contentDigest()).isEmpty());
    }
}
