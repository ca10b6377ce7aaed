package dev.forno.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.files.TreeUsage;
import dev.forno.linux.mounts.Mounts;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.MediaTypes;
import dev.forno.store.garbage.Collected;
import dev.forno.store.garbage.Roots;
import dev.forno.store.layers.Compression;
import dev.forno.store.layers.StoredLayer;
import dev.forno.store.leases.Lease;
import dev.forno.store.snapshots.LayerTar;
import dev.forno.store.snapshots.Snapshot;
import dev.forno.store.snapshots.SnapshotterChoice;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers, leases and collection over a whole store. Needs root. */
class StoreTest {
    private static final byte[] TAR = new LayerTar()
            .directory("etc")
            .file("etc/passwd", "root")
            .file("big", "0123456789".repeat(100_000))
            .bytes();
    private static final Digest DIFF_ID = Digest.of(TAR);

    @TempDir
    Path directory;

    private Store store;

    SnapshotterChoice choice() {
        return SnapshotterChoice.UNPACK;
    }

    /** What the blob of a layer that came as a plain tar is. */
    String storedAs() {
        return MediaTypes.OCI_LAYER_GZIP;
    }

    @BeforeEach
    void open() {
        store = Store.open(directory, InstantSource.system(), choice());
    }

    @AfterEach
    void close() {
        store.snapshotter().snapshots().forEach(Snapshot::remove);
        store.close();
        store.close();
    }

    @Test
    void layersOfEveryCompressionAreInstalled() throws Exception {
        for (byte[] blob : List.of(TAR, gzip(TAR), com.github.luben.zstd.Zstd.compress(TAR))) {
            assertEquals(1_000_004, store.layers().add(put(blob), DIFF_ID).size());
            Path root = store.snapshotter().prepare("s", List.of(DIFF_ID)).mount();
            assertEquals("root", Files.readString(root.resolve("etc/passwd")));
            store.snapshotter().snapshot("s").orElseThrow().remove();
            store.snapshotter().removeLayer(DIFF_ID);
        }
    }

    @Test
    void contentWithoutMetadataIsNotTakenForANewStore() throws Exception {
        store.layers().add(put(TAR), DIFF_ID);
        store.close();
        Path database = directory.resolve("metadata.db");
        Files.move(database, directory.resolve("kept"));
        assertKind(ErrorKind.DATA_LOSS, () -> Store.open(directory, InstantSource.system(), choice()));
        Files.createFile(database); // as a full disk or a crash of the machine may leave it
        assertKind(ErrorKind.DATA_LOSS, () -> Store.open(directory, InstantSource.system(), choice()));
        Files.move(directory.resolve("kept"), database, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        open();
        assertTrue(store.snapshotter().layer(DIFF_ID).isPresent());
    }

    @Test
    void wrongAndDamagedBlobsAreRefused() throws Exception {
        assertKind(ErrorKind.DATA_LOSS, () -> store.layers().add(put(TAR), Digest.of(new byte[1])));
        byte[] cut = java.util.Arrays.copyOf(gzip(TAR), 2000);
        assertKind(ErrorKind.DATA_LOSS, () -> store.layers().add(put(cut), DIFF_ID));
        byte[] flipped = gzip(TAR);
        flipped[flipped.length / 2] ^= 0x55;
        assertKind(ErrorKind.DATA_LOSS, () -> store.layers().add(put(flipped), DIFF_ID));
        byte[] zstd = com.github.luben.zstd.Zstd.compress(TAR);
        assertKind(ErrorKind.DATA_LOSS, () -> store.layers().add(put(java.util.Arrays.copyOf(zstd, 300)), DIFF_ID));
        assertKind(ErrorKind.NOT_IMPLEMENTED, () -> store.layers()
                .add(put(new byte[] {'B', 'Z', 'h', '9', 0, 0}), DIFF_ID));
        assertKind(ErrorKind.INVALID_ARGUMENT, () -> store.layers().store(new ByteArrayInputStream(cut)));
        assertEquals(List.of(), store.snapshotter().layers());
        try (var left = Files.list(directory.resolve("snapshots/" + choice() + "/temporary"))) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void storedLayersAreTheSameEveryTime() throws Exception {
        StoredLayer first = store.layers().store(new ByteArrayInputStream(TAR));
        assertEquals(DIFF_ID, first.diffId());
        assertFalse(first.empty());
        assertEquals(storedAs(), first.blob().mediaType());
        try (var in = Compression.decompress(store.content().read(first.blob().contentDigest()))) {
            assertArrayEquals(TAR, in.readAllBytes());
        }
        assertEquals(first, store.layers().store(new ByteArrayInputStream(TAR)));
        byte[] gzip = gzip(TAR);
        StoredLayer kept = store.layers().store(new ByteArrayInputStream(gzip));
        assertEquals(Digest.of(gzip), kept.blob().contentDigest());
        assertEquals(DIFF_ID, kept.diffId());
    }

    @Test
    void committedAndExportedSnapshots() throws Exception {
        store.layers().store(new ByteArrayInputStream(TAR));
        Snapshot snapshot = store.snapshotter().prepare("s", List.of(DIFF_ID));
        Files.writeString(snapshot.mount().resolve("etc/passwd"), "changed");
        StoredLayer exported = store.layers().export(snapshot);
        assertEquals("changed", Files.readString(snapshot.mount().resolve("etc/passwd")));
        StoredLayer committed = store.layers().commit(snapshot);
        assertEquals(exported, committed);
        assertTrue(store.snapshotter().snapshot("s").isEmpty());
        Path root = store.snapshotter()
                .prepare("t", List.of(DIFF_ID, committed.diffId()))
                .mount();
        assertEquals("changed", Files.readString(root.resolve("etc/passwd")));
        assertTrue(store.layers()
                .commit(store.snapshotter().prepare("none", List.of()))
                .empty());
    }

    @Test
    void collectionKeepsWhatIsReachedOrLeased() throws Exception {
        Digest rooted = store.content().put(new byte[] {1});
        Digest loose = store.content().put(new byte[] {2});
        Digest protectedBlob = store.content().put(new byte[] {3});
        StoredLayer used = store.layers().store(new ByteArrayInputStream(TAR));
        store.snapshotter().prepare("s", List.of(DIFF_ID));
        Digest leased;
        try (Lease lease = store.leases().open("test")) {
            lease.protect(protectedBlob);
            leased = store.content().put(new byte[] {4});
            long before = TreeUsage.of(directory).allocated();
            Collected expected = store.garbage().preview(() -> new Roots(Set.of(rooted), Set.of()), _ -> false);
            assertEquals(before, TreeUsage.of(directory).allocated());
            Collected collected = store.garbage().collect(() -> new Roots(Set.of(rooted), Set.of()));
            assertEquals(expected, collected);
            assertEquals(before - TreeUsage.of(directory).allocated(), collected.bytes());
            assertEquals(Set.of(loose, used.blob().contentDigest()), Set.copyOf(collected.blobs()));
            assertEquals(List.of(), collected.layers());
        }
        Collected withoutSnapshot = store.garbage().preview(() -> new Roots(Set.of(rooted), Set.of()), "s"::equals);
        store.snapshotter().snapshot("s").orElseThrow().remove();
        Collected rest = store.garbage().collect(() -> new Roots(Set.of(rooted), Set.of()));
        assertEquals(withoutSnapshot, rest);
        assertEquals(Set.of(leased, protectedBlob), Set.copyOf(rest.blobs()));
        assertEquals(List.of(DIFF_ID), rest.layers());
        assertEquals(1, store.content().list().size());
    }

    @Test
    void workThatFinishesDuringACollectionIsSafe() {
        Lease lease = store.leases().open("pull");
        Digest blob = store.content().put(new byte[] {1});
        Collected collected = store.garbage().collect(() -> {
            Roots roots = new Roots(Set.of(), Set.of()); // read just before the work wrote its name
            lease.close();
            return roots;
        });
        assertEquals(List.of(), collected.blobs());
        assertTrue(store.content().stat(blob).isPresent());
        assertThrows(IllegalStateException.class, () -> lease.protect(blob));
    }

    @Test
    void aSecondStoreOfTheDirectoryIsRefused() {
        assertKind(ErrorKind.FAILED_PRECONDITION, () -> Store.open(directory, InstantSource.system(), choice()));
        store.close();
        store = Store.open(directory, InstantSource.system(), choice());
    }

    @Test
    void aFullDiskIsSaidSoAndLeavesNothing() throws Exception {
        Path small = Files.createDirectory(directory.resolve("small"));
        Mounts.mount("tmpfs", small, "tmpfs", 0, "size=1m");
        try (Store full = Store.open(small, InstantSource.system(), choice())) {
            FornoException e =
                    assertThrows(FornoException.class, () -> full.layers().store(new ByteArrayInputStream(TAR)));
            assertEquals(ErrorKind.RESOURCE_EXHAUSTED, e.kind());
            assertTrue(e.getMessage().contains("no space left on device"), e.getMessage());
            assertEquals(List.of(), full.snapshotter().layers());
            assertEquals(List.of(), full.content().list());
        } finally {
            Mounts.unmount(small);
        }
    }

    private Descriptor put(byte[] blob) {
        return Descriptor.of(MediaTypes.OCI_LAYER, store.content().put(blob), blob.length);
    }

    private static byte[] gzip(byte[] bytes) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static void assertKind(ErrorKind kind, org.junit.jupiter.api.function.Executable action) {
        FornoException e = assertThrows(FornoException.class, action);
        assertEquals(kind, e.kind(), e.getMessage());
    }
}
