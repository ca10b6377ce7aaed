package dev.forno.store.snapshots;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.files.Root;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.snapshots.Change.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every snapshotter must do with snapshots and layers, besides what they show. Needs root. */
abstract class SnapshotterContract extends LayersContract {
    @Test
    void mountShowsTheLayersAndTakesChanges() throws Exception {
        Digest top = install(
                new LayerTar().directory("etc").file("etc/passwd", "changed").file("new", "n"));
        Snapshot snapshot = snapshotter.prepare("s", List.of(base(), top));
        Path root = snapshot.mount();
        assertEquals(root, snapshot.mount());
        assertEquals("changed", Files.readString(root.resolve("etc/passwd")));
        assertEquals("wheel", Files.readString(root.resolve("etc/group")));
        Files.writeString(root.resolve("etc/group"), "mine");
        Snapshot other = snapshotter.prepare("other", snapshot.layers());
        assertEquals("wheel", Files.readString(other.mount().resolve("etc/group")));
        snapshot.unmount();
        snapshot.unmount();
        assertFalse(Files.exists(root.resolve("etc/group")));
        assertEquals("mine", Files.readString(snapshot.mount().resolve("etc/group")));
    }

    @Test
    void changesAreListed() throws Exception {
        Snapshot snapshot = snapshotter.prepare("s", List.of(base()));
        Path root = snapshot.mount();
        assertEquals(List.of(), snapshot.changes());
        Files.writeString(root.resolve("etc/passwd"), "changed");
        Files.delete(root.resolve("etc/group"));
        Files.createDirectories(root.resolve("new/dir"));
        Files.delete(root.resolve("opt/app/one"));
        Files.delete(root.resolve("opt/app/two"));
        Files.delete(root.resolve("opt/app"));
        Files.createDirectory(root.resolve("opt/app"));
        Files.writeString(root.resolve("opt/app/two"), "other");
        assertEquals(
                List.of(
                        new Change(Kind.MODIFIED, "/etc"),
                        new Change(Kind.DELETED, "/etc/group"),
                        new Change(Kind.MODIFIED, "/etc/passwd"),
                        new Change(Kind.ADDED, "/new"),
                        new Change(Kind.ADDED, "/new/dir"),
                        new Change(Kind.MODIFIED, "/opt"),
                        new Change(Kind.MODIFIED, "/opt/app"),
                        new Change(Kind.DELETED, "/opt/app/one"),
                        new Change(Kind.ADDED, "/opt/app/two")),
                snapshot.changes());
    }

    @Test
    void theDiffInstalledElsewhereGivesTheSameTree() throws Exception {
        Digest base = base();
        Snapshot snapshot = snapshotter.prepare("s", List.of(base));
        Path root = snapshot.mount();
        Files.delete(root.resolve("etc/group"));
        Files.delete(root.resolve("opt/app/one"));
        Files.delete(root.resolve("opt/app/two"));
        Files.delete(root.resolve("opt/app"));
        Files.createDirectory(root.resolve("opt/app"));
        Files.writeString(root.resolve("opt/app/three"), "three");
        Files.createLink(root.resolve("opt/app/again"), root.resolve("opt/app/three"));
        Files.createSymbolicLink(root.resolve("link"), Path.of("/nowhere"));
        try (Root tree = Root.open(root)) {
            tree.mknod("fifo", dev.forno.linux.files.Flags.S_IFIFO | 0640, 0, 0);
            tree.mknod("zero", dev.forno.linux.files.Flags.S_IFCHR | 0666, 1, 5);
            tree.chown("opt/app/three", 1000, 1001);
            tree.chmod("opt/app/three", 06711);
            tree.setXattr("opt/app/three", "security.capability", new byte[] {
                1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
            });
            tree.setXattr("opt/app", "user.note", "hi".getBytes(UTF_8));
            tree.setTimes("opt/app/three", null, Instant.ofEpochSecond(1_000_000, 7));
        }
        byte[] diff = diff(snapshot);
        assertArrayEquals(diff, diff(snapshot));
        Digest layer = snapshotter
                .install(new ByteArrayInputStream(diff), () -> Digest.of(diff))
                .diffId();
        Path copy = snapshotter.prepare("copy", List.of(base, layer)).mount();
        assertEquals(describe(root), describe(copy));
    }

    @Test
    void sealMakesTheChangesALayer() throws Exception {
        Digest base = base();
        Snapshot snapshot = snapshotter.prepare("s", List.of(base));
        Path root = snapshot.mount();
        Files.writeString(root.resolve("etc/passwd"), "changed");
        Files.delete(root.resolve("etc/group"));
        List<String> expected = describe(root);
        Digest diffId = Digest.of(diff(snapshot));
        Layer layer = snapshotter.seal(snapshot, diffId);
        assertEquals(diffId, layer.diffId());
        assertEquals(7, layer.size());
        assertEquals(Optional.empty(), snapshotter.snapshot("s"));
        Snapshot next = snapshotter.prepare("next", List.of(base, diffId));
        assertEquals(expected, describe(next.mount()));
        assertEquals(List.of(), next.changes());
    }

    @Test
    void snapshotsAndLayersSurviveARestart() throws Exception {
        Digest base = base();
        Snapshot snapshot = snapshotter.prepare("s", List.of(base));
        Files.writeString(snapshot.mount().resolve("kept"), "kept");
        snapshotter = open(directory);
        Snapshot again = snapshotter.snapshot("s").orElseThrow();
        assertEquals(List.of(base), again.layers());
        assertEquals("kept", Files.readString(again.mount().resolve("kept")));
        assertEquals(List.of(new Layer(base, 26)), snapshotter.layers());
        again.remove();
        again.remove();
        assertEquals(List.of(), snapshotter.snapshots());
        assertThrows(FornoException.class, again::mount);
    }

    @Test
    void aFailedInstallLeavesNothing() {
        byte[] tar = new LayerTar().file("a", "a").bytes();
        FornoException refused = new FornoException(ErrorKind.DATA_LOSS, "refused");
        assertEquals(
                refused,
                assertThrows(
                        FornoException.class,
                        () -> snapshotter.install(new ByteArrayInputStream(tar), () -> {
                            throw refused;
                        })));
        assertThrows(
                FornoException.class,
                () -> snapshotter.install(new ByteArrayInputStream(tar, 0, 600), () -> Digest.of(tar)));
        assertEquals(List.of(), snapshotter.layers());
        assertEquals(Optional.empty(), snapshotter.layer(Digest.of(tar)));
    }

    @Test
    void whatIsNoWholeLayerGoes() throws Exception {
        for (String about : List.of(
                "",
                "size x",
                "root true\n",
                "size 26\n",
                "size 26\nroot true\nend",
                "end\n",
                "note 2\n",
                "note 2\nsize 26\nroot false\n",
                "note 2\nsize 26\nroot false\nend",
                "size 26\nattributes 755 0 0\nend\n",
                "size 26\nattributes 755 0 0 9223372036854775807 0\nend\n",
                "size 26\nattributes 755 0 0 99999999999999999 0\nend\n")) {
            Digest base = base();
            Path layer = directory.resolve("layers").resolve(LayerDirectories.name(base));
            Files.writeString(layer.resolve("about"), about);
            assertEquals(base, base()); // as it comes again
            assertEquals(List.of(new Layer(base, 26)), snapshotter.layers());
            Files.writeString(layer.resolve("about"), about);
            Path foreign = Files.writeString(directory.resolve("layers/README"), "not ours");
            snapshotter = open(directory);
            assertFalse(Files.exists(layer));
            assertEquals(List.of(), snapshotter.layers());
            Files.delete(foreign);
        }
    }

    /** Notes of versions that wrote neither a first nor a last line, and of those that only wrote the last. */
    @Test
    void layersOfOlderVersionsStay() throws Exception {
        Digest base = base();
        Snapshot snapshot = snapshotter.prepare("s", List.of(base));
        Path about =
                directory.resolve("layers").resolve(LayerDirectories.name(base)).resolve("about");
        for (String noted : List.of("size 26\nroot false\n", "size 26\nroot false\nend\n")) {
            Files.writeString(about, noted);
            snapshotter = open(directory);
            assertEquals(List.of(new Layer(base, 26)), snapshotter.layers());
            assertEquals("root", Files.readString(snapshot.mount().resolve("etc/passwd")));
            assertEquals(noted, Files.readString(about));
        }
        assertEquals(
                Optional.of(new LayerAbout(
                        26, true, new RootAttributes(0751, 1, 2, Instant.ofEpochSecond(3, 4)), List.of("a\\b"))),
                LayerAbout.read("size 26\nroot true\nattributes 751 1 2 3 4\nimplied a\\\\b\n"));
    }

    @Test
    void aLayerThatCannotBeReadIsPassedOverUntilItComesAgain() throws Exception {
        Digest base = base();
        Path about =
                directory.resolve("layers").resolve(LayerDirectories.name(base)).resolve("about");
        String noted = Files.readString(about);
        ErofsDamageTest.unreadable(about);
        assertEquals(List.of(), snapshotter.layers());
        assertEquals(Optional.empty(), snapshotter.layer(base));
        snapshotter = open(directory);
        assertTrue(Files.exists(about), "the disk may do better another time");
        assertEquals(base, base()); // as it comes again
        assertEquals(List.of(new Layer(base, 26)), snapshotter.layers());
        assertEquals(noted, Files.readString(about));
    }

    /** What lies on it is in use, and the disk may do better another time. */
    @Test
    void aLayerThatCannotBeReadKeepsItsFilesWhenItComesAgain() throws Exception {
        Digest base = base();
        Path root = snapshotter.prepare("s", List.of(base)).mount();
        Path layer = directory.resolve("layers").resolve(LayerDirectories.name(base));
        Object identity = identity(layer);
        ErofsDamageTest.unreadable(layer.resolve("about"));
        assertEquals(base, base());
        assertEquals(identity, identity(layer));
        assertEquals(List.of(new Layer(base, 26)), snapshotter.layers());
        assertEquals("root", Files.readString(root.resolve("etc/passwd")));
    }

    private static Object identity(Path file) throws Exception {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    @Test
    void aLayerThatCannotBeReadNorNotedAnewIsRefusedByTheReason() throws Exception {
        Digest base = base();
        Path layer = directory.resolve("layers").resolve(LayerDirectories.name(base));
        Path kept = directory.resolve("kept");
        Files.move(layer, kept);
        Files.createSymbolicLink(layer, layer.getFileName()); // a loop: nothing in it can be opened
        FornoException e = assertThrows(FornoException.class, this::base);
        assertEquals(ErrorKind.INTERNAL, e.kind());
        assertTrue(String.valueOf(e.getMessage()).contains("read layer " + base), e.getMessage());
        assertTrue(Files.isSymbolicLink(layer));
        Files.delete(layer);
        Files.move(kept, layer);
        assertEquals(List.of(new Layer(base, 26)), snapshotter.layers());
    }

    @Test
    void aFileInThePlaceOfALayerGoesToo() throws Exception {
        Digest base = base();
        Path layer = fileInstead(base);
        assertEquals(base, base()); // as it comes again
        assertEquals(List.of(new Layer(base, 26)), snapshotter.layers());
        fileInstead(base);
        snapshotter = open(directory);
        assertFalse(Files.exists(layer));
        assertEquals(List.of(), snapshotter.layers());
    }

    private Path fileInstead(Digest layer) throws Exception {
        String name = LayerDirectories.name(layer);
        try (Root layers = Root.open(directory.resolve("layers"))) {
            layers.removeAll(name);
        }
        return Files.writeString(directory.resolve("layers").resolve(name), "no directory");
    }

    @Test
    void concurrentInstallsOfOneLayerAgree() throws Exception {
        byte[] tar =
                new LayerTar().directory("d").file("d/f", "x".repeat(10_000)).bytes();
        try (var threads = Executors.newFixedThreadPool(4)) {
            Callable<Layer> task = () -> snapshotter.install(new ByteArrayInputStream(tar), () -> Digest.of(tar));
            for (Future<Layer> result : threads.invokeAll(List.of(task, task, task, task))) {
                assertEquals(new Layer(Digest.of(tar), 10_000), result.get());
            }
        }
        assertEquals(1, snapshotter.layers().size());
    }

    @Test
    void usedLayersAreNotRemoved() {
        Digest base = base();
        Snapshot snapshot = snapshotter.prepare("s", List.of(base));
        FornoException e = assertThrows(FornoException.class, () -> snapshotter.removeLayer(base));
        assertEquals(ErrorKind.FAILED_PRECONDITION, e.kind());
        snapshot.remove();
        assertEquals(26, snapshotter.removeLayer(base));
        assertEquals(Optional.empty(), snapshotter.layer(base));
        assertEquals(0, snapshotter.removeLayer(base));
    }

    @Test
    void keysAndLayersAreChecked() {
        assertKind(ErrorKind.NOT_FOUND, () -> snapshotter.prepare("s", List.of(Digest.of(new byte[0]))));
        snapshotter.prepare("s", List.of());
        assertKind(ErrorKind.ALREADY_EXISTS, () -> snapshotter.prepare("s", List.of()));
        for (String key : List.of("", "..", "a/b", ".x", "x".repeat(300))) {
            assertKind(ErrorKind.INVALID_ARGUMENT, () -> snapshotter.prepare(key, List.of()));
            assertEquals(Optional.empty(), snapshotter.snapshot(key));
        }
        assertEquals(1, snapshotter.snapshots().size());
    }

    private static void assertKind(ErrorKind kind, org.junit.jupiter.api.function.Executable action) {
        assertEquals(kind, assertThrows(FornoException.class, action).kind());
    }

    private static byte[] diff(Snapshot snapshot) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        snapshot.writeDiff(out);
        return out.toByteArray();
    }
}
