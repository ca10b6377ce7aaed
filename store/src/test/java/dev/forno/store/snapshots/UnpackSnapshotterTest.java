package dev.forno.store.snapshots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

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
}
