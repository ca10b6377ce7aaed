package dev.forno.store.snapshots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.mounts.Mounts;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs root and a kernel that mounts EROFS indexes. */
class SnapshottersTest {
    private static final byte[] TAR = new LayerTar().file("f", "text").bytes();

    @TempDir
    Path directory;

    private Snapshotter open(SnapshotterChoice choice) throws IOException {
        return Snapshotters.open(directory, choice, digest -> {});
    }

    @Test
    void anEmptyDirectoryTakesAnyChoice() throws Exception {
        for (Map.Entry<SnapshotterChoice, String> expected : Map.of(
                        SnapshotterChoice.AUTO, "erofs",
                        SnapshotterChoice.EROFS, "erofs",
                        SnapshotterChoice.EROFS_LOOP, "erofs",
                        SnapshotterChoice.UNPACK, "unpack")
                .entrySet()) {
            try (Snapshotter snapshotter = open(expected.getKey())) {
                assertEquals(expected.getValue(), snapshotter.name());
                assertTrue(snapshotter.facts().size() > 1);
            }
        }
    }

    @Test
    void whatHasLayersKeepsItsSnapshotter() throws Exception {
        install(SnapshotterChoice.AUTO);
        refused(SnapshotterChoice.UNPACK);
        for (SnapshotterChoice choice :
                List.of(SnapshotterChoice.AUTO, SnapshotterChoice.EROFS, SnapshotterChoice.EROFS_LOOP)) {
            try (Snapshotter snapshotter = open(choice)) {
                Snapshot snapshot = snapshotter.prepare("s", List.of(Digest.of(TAR)));
                assertEquals("text", Files.readString(snapshot.mount().resolve("f")));
                snapshot.remove();
            }
        }
    }

    @Test
    void unpackedLayersStayUnpacked() throws Exception {
        install(SnapshotterChoice.UNPACK);
        refused(SnapshotterChoice.EROFS);
        refused(SnapshotterChoice.EROFS_LOOP);
        try (Snapshotter snapshotter = open(SnapshotterChoice.AUTO)) {
            assertEquals("unpack", snapshotter.name());
            assertEquals(1, snapshotter.layers().size());
        }
    }

    @Test
    void probesThatACrashCutShortGo() throws Exception {
        for (SnapshotterChoice choice : SnapshotterChoice.values()) {
            Path probe = Files.createDirectories(directory.resolve("erofs/temporary/erofs-probe-1"));
            Files.createDirectories(probe.resolve("mounted"));
            Mounts.bind(directory, probe.resolve("mounted"), false);
            open(choice).close();
            assertFalse(Files.exists(probe), choice.toString());
        }
    }

    private void install(SnapshotterChoice choice) throws IOException {
        try (Snapshotter snapshotter = open(choice)) {
            snapshotter.install(new ByteArrayInputStream(TAR), () -> Digest.of(TAR));
        }
    }

    private void refused(SnapshotterChoice choice) {
        FornoException e = assertThrows(FornoException.class, () -> open(choice));
        assertEquals(ErrorKind.FAILED_PRECONDITION, e.kind());
        assertTrue(String.valueOf(e.getMessage()).contains("choose another state directory"), e.getMessage());
    }

    @Test
    void choicesAreWords() {
        for (SnapshotterChoice choice : SnapshotterChoice.values()) {
            assertEquals(choice, SnapshotterChoice.parse(choice.toString()));
        }
        assertEquals(
                ErrorKind.INVALID_ARGUMENT,
                assertThrows(FornoException.class, () -> SnapshotterChoice.parse("overlay2"))
                        .kind());
    }
}
