package dev.forno.store.snapshots;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.mounts.Mounts;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class UnpackSnapshotterTest extends SnapshotterContract {
    @Override
    Snapshotter open(Path directory) {
        return UnpackSnapshotter.open(directory, digest -> {});
    }

    @Test
    void whatACrashLeftIsRemovedAtOpen() throws Exception {
        Path left = Files.createDirectories(directory.resolve("temporary/7/tree/etc"));
        Files.writeString(left.resolve("file"), "half");
        Snapshotter reopened = open(directory);
        assertFalse(Files.exists(directory.resolve("temporary/7")));
        assertEquals(List.of(), reopened.layers());
    }

    @Test
    void snapshotsOfOlderVersionsNameTheirLayersThemselves() throws Exception {
        Snapshotter snapshotter = open(directory);
        byte[] tar = new LayerTar().file("f", "text").bytes();
        Digest layer = snapshotter
                .install(new ByteArrayInputStream(tar), () -> Digest.of(tar))
                .diffId();
        snapshotter.prepare("old", List.of(layer));
        Path old = directory.resolve("active/old");
        Files.delete(old.resolve("chain"));
        Files.writeString(old.resolve("layers"), layer + "\n");
        Snapshot again = open(directory).snapshot("old").orElseThrow();
        assertEquals(List.of(layer), again.layers());
        assertEquals("text", Files.readString(again.mount().resolve("f")));
    }

    @Test
    void asManyLayersAsCanBeMounted() throws Exception {
        Snapshotter snapshotter = open(directory);
        int most = Mounts.maxOverlayLowers() - 1; // a snapshot has a lower directory of its own
        List<Digest> layers = new ArrayList<>();
        for (int i = 0; i <= most; i++) {
            layers.add(made("layer " + i));
        }
        Path root = snapshotter.prepare("most", layers.subList(0, most)).mount();
        assertEquals(most, LayersContract.names(root).size());
        assertTooDeep(() -> snapshotter.prepare("more", layers));
        assertEquals(1, snapshotter.snapshots().size());
        snapshotter.index(layers.subList(0, most - 1));
        assertTooDeep(() -> snapshotter.index(layers.subList(0, most))); // a container has one more
        snapshotter.index(Collections.nCopies(2 * most, layers.getFirst()));
    }

    /** A layer with one file, quicker than {@link Snapshotter#install}, which syncs each. */
    private Digest made(String file) throws Exception {
        Digest layer = Digest.of(file.getBytes(UTF_8));
        Path made = directory.resolve("layers").resolve(LayerDirectories.name(layer));
        Files.createDirectories(made.resolve("tree"));
        Files.createFile(made.resolve("tree").resolve(file));
        LayerDirectories.write(made, new LayerAbout(0, false, null, List.of()));
        return layer;
    }

    private static void assertTooDeep(Executable action) {
        FornoException e = assertThrows(FornoException.class, action);
        assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind());
        assertTrue(e.getMessage().contains("max depth exceeded"), e.getMessage());
    }

    @Test
    void listsOfLayersAreKeptWhileASnapshotHasThem() throws Exception {
        Snapshotter snapshotter = open(directory);
        snapshotter.prepare("one", List.of());
        snapshotter.prepare("two", List.of());
        assertEquals(1, lists());
        snapshotter.snapshot("one").orElseThrow().remove();
        assertEquals(List.of(), open(directory).snapshot("two").orElseThrow().layers());
        assertEquals(1, lists());
        snapshotter.snapshot("two").orElseThrow().remove();
        open(directory);
        assertEquals(0, lists());
    }

    private long lists() throws Exception {
        try (var files = Files.list(directory.resolve("chains"))) {
            return files.count();
        }
    }
}
