package dev.forno.store.snapshots;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Root;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.snapshots.Change.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every snapshotter must do. Needs root. */
abstract class SnapshotterContract {
    @TempDir
    Path directory;

    private Snapshotter snapshotter;

    /** Opens the implementation over a directory, again after a restart. */
    abstract Snapshotter open(Path directory);

    @BeforeEach
    void start() {
        snapshotter = open(directory);
    }

    @AfterEach
    void stop() throws Exception {
        snapshotter.snapshots().forEach(Snapshot::remove);
        snapshotter.close();
        ErofsFixture.assertNothingMounted(directory);
    }

    private Digest install(LayerTar tar) {
        byte[] bytes = tar.bytes();
        return snapshotter
                .install(new ByteArrayInputStream(bytes), () -> Digest.of(bytes))
                .diffId();
    }

    private Digest base() {
        return install(new LayerTar()
                .directory("etc")
                .file("etc/passwd", "root")
                .file("etc/group", "wheel")
                .directory("opt")
                .directory("opt/app")
                .file("opt/app/one", "1")
                .file("opt/app/two", "2")
                .file("bin", "not a directory"));
    }

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
    void whiteoutsHideWhatIsBelow() throws Exception {
        Digest top = install(new LayerTar()
                .file("etc/.wh.passwd", "")
                .directory("opt/app")
                .file("opt/app/.wh..wh..opq", "")
                .file("opt/app/three", "3")
                .file(".wh.bin", "")
                .file(".wh..wh.aufs", ""));
        Path root = snapshotter.prepare("s", List.of(base(), top)).mount();
        assertEquals(List.of("etc", "etc/group", "opt", "opt/app", "opt/app/three"), names(root));
    }

    @Test
    void aRemovedDirectoryMadeAnewIsOpaque() throws Exception {
        Digest before = install(
                new LayerTar().file("opt/.wh.app", "").directory("opt/app").file("opt/app/x", ""));
        Digest after = install(
                new LayerTar().directory("opt/app").file("opt/app/y", "").file("opt/.wh.app", ""));
        Path root = snapshotter.prepare("s", List.of(base(), before)).mount();
        assertEquals(List.of("x"), names(root.resolve("opt/app")));
        Path second = snapshotter.prepare("t", List.of(base(), after)).mount();
        assertEquals(List.of("y"), names(second.resolve("opt/app")));
    }

    @Test
    void attributesOfImpliedDirectoriesComeFromBelow() throws Exception {
        Digest below = install(
                new LayerTar().directory("./", 0751).directory("tmp", 01777).file("tmp/a", ""));
        Digest top = install(new LayerTar().file("tmp/b", "").file("made/up/c", ""));
        Path root = snapshotter.prepare("s", List.of(below, top)).mount();
        try (Root tree = Root.open(root)) {
            assertEquals(01777, tree.stat("tmp").mode());
            assertEquals(0755, tree.stat("made/up").mode());
            assertEquals(0751, tree.top().fd().stat().mode());
        }
        assertEquals(List.of("made", "made/up", "made/up/c", "tmp", "tmp/a", "tmp/b"), names(root));
        assertEquals(List.of(), snapshotter.snapshot("s").orElseThrow().changes());
    }

    @Test
    void directoriesImpliedThroughALinkAreThoseItLeadsTo() throws Exception {
        Digest below = install(
                new LayerTar().directory("z", 0711).directory("z/d", 0700).file("z/d/a", ""));
        Digest top = install(new LayerTar()
                .directory("in")
                .add(TarEntry.symlink("in/up", "..", Instant.EPOCH), "")
                .add(TarEntry.symlink("soon", "made/later", Instant.EPOCH), "")
                .file("in/up/z/d/f", "")
                .file("soon/f", ""));
        Path root = snapshotter.prepare("s", List.of(below, top)).mount();
        assertEquals(
                List.of("in", "in/up", "made", "made/later", "made/later/f", "soon", "z", "z/d", "z/d/a", "z/d/f"),
                names(root));
        try (Root tree = Root.open(root)) {
            assertEquals(0711, tree.stat("z").mode());
            assertEquals(0700, tree.stat("z/d").mode());
            assertEquals(0755, tree.stat("made/later").mode());
        }
    }

    @Test
    void timesOfDirectoriesDontDependOnTheWayToThem() throws Exception {
        Digest layer = install(new LayerTar()
                .directory("real")
                .add(TarEntry.symlink("link", "real", Instant.EPOCH), "")
                .directory("link/d")
                .directory("link")
                .directory("link/d")
                .file("link/d/f", "")
                .file("real/d/f", ""));
        try (Root tree = Root.open(snapshotter.prepare("s", List.of(layer)).mount())) {
            for (String path : List.of("real", "real/d", "link", "link/d")) {
                assertEquals(LayerTar.TIME, tree.stat(path).modified(), path);
            }
        }
    }

    /** Image specification, layer.md: files are never hidden by whiteouts of their own layer. */
    @Test
    void whiteoutsHideNothingOfTheirOwnLayer() throws Exception {
        Digest below = install(new LayerTar()
                .directory("a", 0700)
                .directory("a/e", 0700)
                .file("a/e/old", "")
                .directory("b")
                .file("b/old", ""));
        Digest top = install(new LayerTar()
                .file(".wh.a", "")
                .file("a/e/new", "")
                .add(TarEntry.symlink("link", "b", Instant.EPOCH), "")
                .file("link/.wh..wh..opq", "")
                .file("b/new", ""));
        Path root = snapshotter.prepare("s", List.of(below, top)).mount();
        assertEquals(List.of("a", "a/e", "a/e/new", "b", "b/new", "link"), names(root));
        try (Root tree = Root.open(root)) {
            assertEquals(0755, tree.stat("a/e").mode());
        }
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
    void manyLayers() throws Exception {
        List<Digest> layers = new ArrayList<>();
        for (int i = 0; i < 130; i++) {
            layers.add(install(new LayerTar().file("f" + i, "x").file("same", "" + i)));
        }
        Path root = snapshotter.prepare("s", layers).mount();
        assertEquals("129", Files.readString(root.resolve("same")));
        assertEquals(131, names(root).size());
    }

    @Test
    void noLayersAtAll() throws Exception {
        Snapshot snapshot = snapshotter.prepare("scratch", List.of());
        Files.writeString(snapshot.mount().resolve("f"), "x");
        assertEquals(List.of(new Change(Kind.ADDED, "/f")), snapshot.changes());
        assertEquals(1, snapshot.usage());
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

    static List<String> names(Path root) throws Exception {
        try (var files = Files.walk(root)) {
            return files.filter(p -> !p.equals(root))
                    .map(p -> root.relativize(p).toString())
                    .sorted()
                    .toList();
        }
    }

    /** Everything that can be seen of a tree, but times of directories. */
    static List<String> describe(Path path) throws Exception {
        List<String> lines = new ArrayList<>();
        try (Root root = Root.open(path)) {
            for (String name : names(path)) {
                FileStat s = root.stat(name);
                StringBuilder line = new StringBuilder(name + " " + s.type() + " " + Integer.toOctalString(s.mode()));
                line.append(" " + s.uid() + ":" + s.gid() + " " + s.major() + "," + s.minor() + " links "
                        + (s.isDirectory() ? 0 : s.links()));
                for (String attribute : root.xattrs(name).stream().sorted().toList()) {
                    line.append(" " + attribute + "="
                            + java.util.Arrays.toString(
                                    root.xattr(name, attribute).orElseThrow()));
                }
                if (s.isFile()) {
                    line.append(" " + Files.readString(path.resolve(name)) + " " + s.modified());
                } else if (s.isSymlink()) {
                    line.append(" -> " + root.readlink(name) + " " + s.modified());
                }
                lines.add(line.toString());
            }
        }
        return lines;
    }
}
