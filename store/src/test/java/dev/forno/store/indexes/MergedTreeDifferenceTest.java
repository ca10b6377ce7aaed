package dev.forno.store.indexes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Root;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.snapshots.Snapshot;
import dev.forno.store.snapshots.Snapshotter;
import dev.forno.store.snapshots.UnpackSnapshotter;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several layers as one index show what an overlay of the extracted layers shows. Needs root. */
class MergedTreeDifferenceTest {
    private static final int SEEDS = Integer.getInteger("forno.test.seeds", 60);

    @TempDir
    Path temporary;

    @Test
    void strangeLayersOverEachOther() throws Exception {
        int compared = 0;
        for (long seed = 0; compared < SEEDS; seed++) {
            List<Path> tars = tars(seed);
            if (tars.isEmpty()) {
                continue;
            }
            Path work = Files.createDirectory(temporary.resolve("work"));
            try {
                compare(tars, work, "seed " + seed);
                compared++;
            } finally {
                try (Root above = Root.open(temporary)) {
                    above.removeAll("work");
                }
            }
        }
    }

    /** Two to five layers of which none is refused. */
    private List<Path> tars(long seed) throws Exception {
        List<Path> tars = new ArrayList<>();
        for (int i = 0; i < 2 + seed % 4; i++) {
            byte[] bytes = StrangeTar.of(seed * 10 + i, true, false);
            try {
                TreeScan.scan(new ByteArrayInputStream(bytes), temporary.resolve("extra"));
            } catch (FornoException e) {
                assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind());
                return List.of();
            }
            tars.add(Files.write(temporary.resolve("layer-" + i + ".tar"), bytes));
        }
        return tars;
    }

    private static void compare(List<Path> tars, Path work, String what) throws Exception {
        Snapshotter snapshots = UnpackSnapshotter.open(work.resolve("unpacked"), digest -> {});
        List<Digest> layers = new ArrayList<>();
        for (Path tar : tars) {
            Digest digest = Digest.of(Files.readAllBytes(tar));
            try (InputStream in = Files.newInputStream(tar)) {
                layers.add(snapshots.install(in, () -> digest).diffId());
            }
        }
        Snapshot snapshot = snapshots.prepare("s", layers);
        try (MountedIndex index = new MountedIndex(Files.createDirectory(work.resolve("indexed")), tars)) {
            Path overlay = snapshot.mount();
            List<String> expected = TreeFacts.ofMerged(overlay, index.implied());
            List<String> actual = TreeFacts.ofMerged(index.target(), index.implied());
            assertEquals("", TreeFacts.difference(expected, actual), what);
            assertEquals(expected, actual, what);
            if (index.tree().root().modified().isAfter(Instant.EPOCH)) {
                assertEquals(top(overlay), top(index.target()), what);
            }
            Tools.checkIfPossible(index);
        } finally {
            snapshot.remove();
        }
    }

    private static String top(Path directory) throws Exception {
        try (Root root = Root.open(directory)) {
            FileStat stat = root.top().fd().stat();
            return stat.mode() + " " + stat.uid() + ":" + stat.gid() + " " + stat.modified();
        }
    }
}
