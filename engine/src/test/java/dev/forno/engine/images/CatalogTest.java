package dev.forno.engine.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.engine.Filters;
import dev.forno.engine.images.records.ImageRecord;
import dev.forno.oci.Digest;
import dev.forno.oci.Reference;
import dev.forno.store.Store;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogTest {
    @TempDir
    Path directory;

    private ImageFixture fixture;
    private Images images;

    @BeforeEach
    void open() {
        fixture = new ImageFixture(directory);
        images = fixture.services.images();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private List<List<String>> listed(Map<String, List<String>> filters) {
        ImageFilter filter = ImageFilter.of(new Filters(filters), false, Instant.parse("2026-01-01T00:00:00Z"));
        return images.list(filter).stream().map(ImageSummary::repoTags).toList();
    }

    @Test
    void findsByNameIdAndPrefix() {
        Image image = fixture.image(List.of("a"), null, "team/app:v1", "app");
        String hex = image.id().hex();
        for (String name : List.of(
                "app",
                "app:latest",
                "docker.io/library/app",
                "team/app:v1",
                hex,
                "sha256:" + hex,
                hex.substring(0, 12),
                "sha256:" + hex.substring(0, 7))) {
            assertEquals(image.id(), images.resolve(name).id(), name);
        }
        assertEquals(
                "NOT_FOUND No such image: team/app:latest", ImageFixture.failure(() -> images.resolve("team/app")));
        String other = "0".repeat(64);
        assertEquals("NOT_FOUND No such image: sha256:" + other, ImageFixture.failure(() -> images.resolve(other)));
        assertEquals(
                "INVALID_ARGUMENT invalid reference format: repository name (library/FOO) must be lowercase",
                ImageFixture.failure(() -> images.resolve("FOO")));
    }

    @Test
    void filtersTheList() {
        fixture.image(List.of("a"), null, "one:v1", "127.0.0.1:5000/team/one:v2");
        fixture.image(List.of("a", "b"), null, "two");
        fixture.image(List.of("a", "b", "c"), null);
        assertEquals(
                List.of(List.of(), List.of("two:latest"), List.of("127.0.0.1:5000/team/one:v2", "one:v1")),
                listed(Map.of()));
        assertEquals(List.of(List.of("one:v1")), listed(Map.of("reference", List.of("one"))));
        assertEquals(List.of(List.of("one:v1")), listed(Map.of("reference", List.of("o*:v?"))));
        assertEquals(
                List.of(List.of("127.0.0.1:5000/team/one:v2")),
                listed(Map.of("reference", List.of("127.0.0.1:5000/*/one"))));
        assertEquals(List.of(List.of()), listed(Map.of("dangling", List.of("true"))));
        assertEquals(List.of(List.of("two:latest")), listed(Map.of("label", List.of("of=b"))));
        assertEquals(List.of(), listed(Map.of("label!", List.of("of"))));
        assertEquals(List.of(List.of(), List.of("two:latest")), listed(Map.of("since", List.of("one:v1"))));
        assertEquals(
                List.of(List.of("127.0.0.1:5000/team/one:v2", "one:v1")), listed(Map.of("before", List.of("two"))));
        assertEquals(
                List.of(List.of("127.0.0.1:5000/team/one:v2", "one:v1")),
                listed(Map.of("until", List.of("2025-06-02"))));
        assertEquals(3, listed(Map.of("until", List.of("24h"))).size());
        assertTrue(ImageFixture.failure(() -> listed(Map.of("nonsense", List.of("1"))))
                .startsWith("INVALID_ARGUMENT invalid filter"));
    }

    @Test
    void countsSharedLayersAndContainers() {
        Image one = fixture.image(List.of("a"), null, "one");
        fixture.image(List.of("a", "b"), null, "two");
        fixture.uses.add(new ImageUsers.Use("c1", one.id(), one.layers(), false));
        ImageSummary second = images.list(ImageFilter.ALL).getFirst();
        ImageSummary first = images.list(ImageFilter.ALL).getLast();
        assertEquals(1, first.containers());
        assertEquals(first.size(), first.sharedSize());
        assertEquals(2 * second.sharedSize(), second.size());
        assertEquals(2 * first.size(), fixture.services.removal().usage().layersSize());
    }

    @Test
    void movesATag() {
        Image one = fixture.image(List.of("a"), null, "app");
        Image two = fixture.image(List.of("b"), null);
        images.tag(two.id().shortHex(), Reference.parse("app"));
        assertEquals(List.of(), fixture.tagsOf(one));
        assertEquals(List.of("app:latest"), fixture.tagsOf(two));
        assertEquals(
                "2026-01-02T03:04:05Z", String.valueOf(images.inspect("app").lastTagged()));
        Reference digest = Reference.parse("app").withDigest(Digest.of(new byte[0]));
        assertEquals(
                "INVALID_ARGUMENT refusing to create a tag with a digest reference",
                ImageFixture.failure(() -> images.tag("app", digest)));
    }

    /** Else a tag beside a removal would bring the image back, maybe without its content. */
    @Test
    void namesNoImageThatWasRemovedMeanwhile() {
        Image image = fixture.image(List.of("a"), null, "app");
        Catalog catalog = new Catalog(fixture.store, () -> fixture.now);
        ImageRecord found = catalog.image(image.id()).orElseThrow();
        Reference other = Reference.parse("other:1");
        assertTrue(catalog.addName(found, other, found.manifest()));
        assertEquals(List.of("app:latest", "other:1"), fixture.tagsOf(image));
        fixture.remove(image.id().toString(), true);
        assertFalse(catalog.addName(found, other, found.manifest()));
        assertTrue(catalog.snapshot().images().isEmpty());
        assertTrue(catalog.name(other).isEmpty());
    }

    /** The name's packing may have gone with it: that the image has another name doesn't help. */
    @Test
    void namesNothingByANameThatWasRemovedMeanwhile() {
        AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
        Store store = InterruptedStore.of(
                new PlainStore(directory.resolve("busy")),
                () -> meanwhile.getAndSet(() -> {}).run(),
                () -> {});
        try (ImageFixture busy = new ImageFixture(store)) {
            Image image = busy.image(List.of("a"), null, "one:1", "two:1");
            meanwhile.set(() -> busy.remove("one:1", false));
            Reference other = Reference.parse("other:1");
            assertEquals(
                    "NOT_FOUND No such image: one:1",
                    ImageFixture.failure(() -> busy.services.images().tag("one:1", other)));
            assertEquals(List.of("two:1"), busy.tagsOf(image));
            busy.services.images().tag(image.id().shortHex(), other);
            assertEquals(List.of("other:1", "two:1"), busy.tagsOf(image));
        }
    }

    @Test
    void tellsTheHistoryNewestFirst() {
        Image image = fixture.image(List.of("a", "b"), null, "app");
        List<HistoryEntry> history = images.history("app");
        assertEquals(
                List.of("add b", "add a"),
                history.stream().map(HistoryEntry::createdBy).toList());
        assertEquals(image.id(), history.getFirst().id());
        assertEquals(List.of("app:latest"), history.getFirst().tags());
        assertTrue(history.getLast().size() > 0);
    }

    @Test
    void survivesAReopening() {
        Image image = fixture.image(List.of("a"), null, "app");
        fixture.close();
        fixture = new ImageFixture(directory);
        assertEquals(image, fixture.services.images().resolve("app"));
    }
}
