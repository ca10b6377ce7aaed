package dev.forno.store.snapshots;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Root;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.snapshots.Change.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a snapshot shows of its layers, whatever the snapshotter. Needs root. */
abstract class LayersContract {
    @TempDir
    Path directory;

    Snapshotter snapshotter;

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

    final Digest install(LayerTar tar) {
        byte[] bytes = tar.bytes();
        return snapshotter
                .install(new ByteArrayInputStream(bytes), () -> Digest.of(bytes))
                .diffId();
    }

    final Digest base() {
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
    void whatIsAboveAnImpliedDirectoryKeepsItsAttributesToo() throws Exception {
        Instant old = Instant.ofEpochSecond(1_000_000_000, 7);
        SortedMap<String, byte[]> note = new TreeMap<>(Map.of("user.note", "kept".getBytes(UTF_8)));
        Digest below = install(new LayerTar()
                .directory("b")
                .add(TarEntry.directory("b/c", 02750, old).withOwner(1000, 1001), "")
                .add(TarEntry.directory("nobodys/d", 0700, old).withXattrs(note), ""));
        Digest top = install(new LayerTar()
                .add(TarEntry.directory("b", 0711, old).withXattrs(note), "")
                .file("b/c/f", "")
                .file("nobodys/d/f", ""));
        Snapshot snapshot = snapshotter.prepare("s", List.of(base(), below, top));
        try (Root tree = Root.open(snapshot.mount())) {
            FileStat c = tree.stat("b/c");
            assertEquals("2750 1000:1001", Integer.toOctalString(c.mode()) + " " + c.uid() + ":" + c.gid());
            assertEquals(0711, tree.stat("b").mode());
            assertEquals(0700, tree.stat("nobodys/d").mode());
            assertEquals(0755, tree.stat("nobodys").mode());
            for (String path : List.of("b", "b/c", "nobodys/d")) {
                assertEquals(old, tree.stat(path).modified(), path);
            }
            for (String path : List.of("b", "nobodys/d")) {
                assertEquals("kept", new String(tree.xattr(path, "user.note").orElseThrow(), UTF_8), path);
            }
        }
        assertEquals(List.of(), snapshot.changes());
    }

    @Test
    void impliedDirectoriesTakeOnNoAccessListFromAbove() throws Exception {
        String attribute = "system.posix_acl_default";
        // the owner, user 1000, group, mask, others
        byte[] list = HexFormat.of()
                .parseHex("02000000" + "01000700ffffffff" + "02000700e8030000" + "04000500ffffffff" + "10000700ffffffff"
                        + "20000500ffffffff");
        assumeTrue(takes(attribute, list), "a file system without access lists");
        SortedMap<String, byte[]> lists = new TreeMap<>(Map.of(attribute, list));
        Digest below = install(new LayerTar()
                .directory("b/c", 0750)
                .add(TarEntry.directory("b", 0755, LayerTar.TIME).withXattrs(lists), ""));
        Digest top = install(new LayerTar().file("b/c/f", ""));
        Snapshot snapshot = snapshotter.prepare("s", List.of(base(), below, top));
        try (Root tree = Root.open(snapshot.mount())) {
            assertArrayEquals(list, tree.xattr("b", attribute).orElseThrow());
            assertEquals(List.of(), tree.xattrs("b/c"));
            assertEquals(0750, tree.stat("b/c").mode());
            assertEquals(LayerTar.TIME, tree.stat("b/c").modified());
        }
        assertEquals(List.of(), snapshot.changes());
    }

    private boolean takes(String attribute, byte[] value) throws IOException {
        Path probe = Files.createDirectory(directory.resolve("probe"));
        try (Root root = Root.open(directory)) {
            root.setXattr("probe", attribute, value);
            return true;
        } catch (ErrnoException e) {
            return false;
        } finally {
            Files.delete(probe);
        }
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
    void whatNoFileCanHaveIsRefusedByName() {
        String part = "a name in it is longer than 255 bytes";
        assertRefused(part, new LayerTar().file("x".repeat(256), ""));
        assertRefused(part, new LayerTar().file("d/" + "é".repeat(128) + "/f", ""));
        assertRefused(part, new LayerTar().file("d/.wh." + "x".repeat(256), ""));
        assertRefused(part, new LayerTar().add(TarEntry.hardLink("f", "x".repeat(256), Instant.EPOCH), ""));
        assertRefused("\"user.note\" has 65537 bytes", withXattr("user.note", 65537));
        assertRefused("has no valid name", withXattr("user." + "x".repeat(251), 1));
        install(new LayerTar().file("d/.wh." + "x".repeat(255), "").file("é".repeat(127) + "x", ""));
    }

    private static LayerTar withXattr(String name, int size) {
        SortedMap<String, byte[]> xattrs = new TreeMap<>(Map.of(name, new byte[size]));
        return new LayerTar().add(TarEntry.file("f", 0644, 0, Instant.EPOCH).withXattrs(xattrs), "");
    }

    private void assertRefused(String reason, LayerTar layer) {
        FornoException e = assertThrows(FornoException.class, () -> install(layer));
        assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind());
        assertTrue(e.getMessage().contains(reason), e.getMessage());
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
    void aLayerTwiceIsAsGoodAsOnce() throws Exception {
        Digest base = base();
        Digest twice = install(new LayerTar().directory("etc", 0700).file("etc/passwd", "changed"));
        Digest between = install(
                new LayerTar().directory("etc").file("etc/passwd", "other").file("etc/more", "m"));
        Snapshot snapshot = snapshotter.prepare("s", List.of(base, twice, between, twice, twice));
        assertEquals(List.of(base, twice, between, twice, twice), snapshot.layers());
        Path root = snapshot.mount();
        assertEquals("changed", Files.readString(root.resolve("etc/passwd")));
        assertEquals("m", Files.readString(root.resolve("etc/more")));
        try (Root tree = Root.open(root)) {
            assertEquals(0700, tree.stat("etc").mode());
        }
        assertEquals(List.of(), snapshot.changes());
        Files.writeString(root.resolve("etc/passwd"), "mine");
        Digest sealed =
                snapshotter.seal(snapshot, OutputStream.nullOutputStream()).diffId();
        Snapshot next = snapshotter.prepare("next", List.of(base, twice, between, twice, twice, sealed, twice));
        assertEquals("changed", Files.readString(next.mount().resolve("etc/passwd")));
    }

    @Test
    void aLayerThatComesAgainShowsAndHidesTheSameAgain() throws Exception {
        LayerModel base = new LayerModel()
                .directory("d")
                .file("d/f", "base")
                .directory("e")
                .file("e/x", "base")
                .directory("kept")
                .file("kept/f", "base");
        List<LayerModel> models = List.of(
                new LayerModel().directory("d").file("d/f", "A").file("e", "A").file("kept/f", "A"),
                new LayerModel().removed("kept/f").removed("e"),
                new LayerModel().directory("d").emptied("d").file("d/i", "C"),
                new LayerModel().directory("e").file("e/y", "D").removed("d"),
                new LayerModel().file("d", "E").directory("e").file("e/x", "E"));
        for (LayerModel one : models) {
            for (LayerModel other : models) {
                List<LayerModel> stack = List.of(base, one, other, one);
                SortedMap<String, String> expected = new TreeMap<>();
                stack.forEach(layer -> layer.applyTo(expected));
                Snapshot snapshot = snapshotter.prepare(
                        "s", stack.stream().map(layer -> install(layer.tar())).toList());
                assertEquals(expected, LayerModel.read(snapshot.mount()), stack::toString);
                snapshot.remove();
            }
        }
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
