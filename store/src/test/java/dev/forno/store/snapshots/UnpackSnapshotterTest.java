package dev.forno.store.snapshots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.forno.oci.Digest;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

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
