package dev.forno.engine.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.engine.Filters;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogRemovalTest {
    private static final String CONTAINER = "c0ffee".repeat(10) + "c0ff";

    @TempDir
    Path directory;

    private ImageFixture fixture;

    @BeforeEach
    void open() {
        fixture = new ImageFixture(directory);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private void use(Image image, boolean running) {
        fixture.uses.add(new ImageUsers.Use(CONTAINER, image.id(), image.layers(), running));
    }

    @Test
    void removesTheImageWithItsLastName() {
        Image image = fixture.image(List.of("a"), null, "one", "two");
        assertEquals(List.of("Untagged: one:latest"), fixture.remove("one", false));
        assertEquals(
                List.of(
                        "Untagged: two:latest",
                        "Deleted: " + image.id(),
                        "Deleted: " + image.layers().getFirst()),
                fixture.remove("two", false));
        assertEquals(List.of(), fixture.store.content().list());
        assertEquals(List.of(), fixture.store.snapshotter().layers());
        assertEquals(List.of("tag", "tag", "untag", "untag", "delete"), fixture.events);
    }

    @Test
    void keepsLayersThatOthersUse() {
        fixture.image(List.of("a"), null, "base");
        Image image = fixture.image(List.of("a", "b"), null, "app");
        List<String> removed = fixture.remove("app", false);
        assertEquals(3, removed.size(), removed::toString);
        assertEquals("Deleted: " + image.id(), removed.get(1));
        assertEquals(1, fixture.store.snapshotter().layers().size());
    }

    @Test
    void refusesWhatContainersUse() {
        Image image = fixture.image(List.of("a"), null, "app");
        String id = image.id().shortHex();
        use(image, true);
        assertEquals(
                "CONFLICT conflict: unable to remove repository reference \"app\" (must force) - container"
                        + " c0ffeec0ffee is using its referenced image " + id,
                ImageFixture.failure(() -> fixture.remove("app", false)));
        assertEquals(
                "CONFLICT conflict: unable to delete " + id
                        + " (cannot be forced) - image is being used by running container c0ffeec0ffee",
                ImageFixture.failure(() -> fixture.remove(id, true)));
        assertEquals(List.of("Untagged: app:latest"), fixture.remove("app", true));
        fixture.uses.clear();
        use(image, false);
        assertEquals(
                "CONFLICT conflict: unable to delete " + id
                        + " (must be forced) - image is being used by stopped container c0ffeec0ffee",
                ImageFixture.failure(() -> fixture.remove(id, false)));
        assertEquals(List.of("Deleted: " + image.id()), fixture.remove(id, true));
    }

    @Test
    void refusesAnIdWithNamesInSeveralRepositories() {
        Image image = fixture.image(List.of("a"), null, "one", "two");
        String id = image.id().shortHex();
        assertEquals(
                "CONFLICT conflict: unable to delete " + id
                        + " (must be forced) - image is referenced in multiple repositories",
                ImageFixture.failure(() -> fixture.remove(id, false)));
        assertEquals(
                List.of("Untagged: one:latest", "Untagged: two:latest"),
                fixture.remove(id, true).subList(0, 2));
    }

    @Test
    void keepsParentsWhileTheyHaveChildren() {
        Image base = fixture.image(List.of("a"), null, "base");
        Image child = fixture.image(List.of("a", "b"), base.id(), "child");
        assertEquals(
                "CONFLICT conflict: unable to delete " + base.id().shortHex()
                        + " (cannot be forced) - image has dependent child images",
                ImageFixture.failure(() -> fixture.remove(base.id().hex(), true)));
        assertEquals(List.of("Untagged: base:latest"), fixture.remove("base", false));
        assertEquals(1, fixture.services.images().list(ImageFilter.ALL).size(), "an unnamed parent is hidden");
        List<String> removed = fixture.remove("child", false);
        assertTrue(removed.contains("Deleted: " + child.id()), removed::toString);
        assertTrue(removed.contains("Deleted: " + base.id()), removed::toString);
    }

    @Test
    void prunesUnnamedOrUnusedImages() {
        Image used = fixture.image(List.of("u"), null);
        use(used, false);
        Image unnamed = fixture.image(List.of("a"), null);
        Image named = fixture.image(List.of("b"), null, "app");
        PruneReport dangling = fixture.services.removal().prune(ImageFilter.ALL);
        assertEquals(
                "Deleted: " + unnamed.id(),
                ImageFixture.shown(dangling.removed()).getFirst());
        assertEquals(2, dangling.removed().size());
        assertTrue(dangling.reclaimed() > 0);
        ImageFilter all = ImageFilter.of(new Filters(Map.of("dangling", List.of("false"))), true, Instant.EPOCH);
        PruneReport unused = fixture.services.removal().prune(all);
        assertEquals(
                "Untagged: app:latest", ImageFixture.shown(unused.removed()).getFirst());
        assertTrue(ImageFixture.shown(unused.removed()).contains("Deleted: " + named.id()));
        assertEquals(
                used.id(),
                fixture.services.images().list(ImageFilter.ALL).getFirst().id());
    }
}
