package dev.forno.store.snapshots;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.mounts.ErofsMount;
import dev.forno.linux.mounts.ErofsMount.Caching;
import dev.forno.linux.mounts.ErofsMount.Way;
import dev.forno.linux.mounts.Mount;
import dev.forno.linux.mounts.Mounts;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.archives.RawTar;
import dev.forno.store.places.Remains;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to indexes, whatever the way of mounting them. Needs root. */
abstract class ErofsContract extends SnapshotterContract {
    @TempDir
    Path own;

    private Snapshotter erofs;

    abstract Way way();

    @Override
    Snapshotter open(Path directory) {
        return ErofsSnapshotter.open(directory, way(), Caching.DIRECT, digest -> {});
    }

    @BeforeEach
    void begin() {
        erofs = open(own);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        erofs.snapshots().forEach(Snapshot::remove);
        erofs.close();
        erofs.close();
        assertEquals(List.of(), mountsIn(own));
        assertLoopsGo(own);
    }

    private Digest install(LayerTar tar) {
        byte[] bytes = tar.bytes();
        return erofs.install(new ByteArrayInputStream(bytes), () -> Digest.of(bytes))
                .diffId();
    }

    private Digest layer(String name, String text) {
        return install(new LayerTar().directory("d").file("d/" + name, text));
    }

    static List<Path> mountsIn(Path directory) throws IOException {
        Path real = directory.toRealPath();
        return Mounts.table().stream()
                .map(Mount::target)
                .filter(target -> target.startsWith(real))
                .toList();
    }

    /** A loop device goes with its last user, which may be somebody who only looked at it. */
    private static void assertLoopsGo(Path directory) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!loopsIn(directory).isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
        // A process with mounts of its own has those of when it began, and with them the devices.
        if (!othersHaveMounts()) {
            assertEquals(List.of(), loopsIn(directory));
        }
    }

    private static boolean othersHaveMounts() throws IOException {
        Path mine = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt"));
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                try {
                    boolean kernels =
                            Files.readString(process.resolve("cmdline")).isEmpty();
                    if (!kernels
                            && !Files.readSymbolicLink(process.resolve("ns/mnt"))
                                    .equals(mine)) {
                        return true;
                    }
                } catch (IOException e) {
                    // it has ended
                }
            }
        }
        return false;
    }

    /** The files below the directory that loop devices have open. */
    static List<Path> loopsIn(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> devices = Files.newDirectoryStream(Path.of("/sys/block"), "loop*")) {
            for (Path device : devices) {
                try {
                    files.add(Path.of(Files.readString(device.resolve("loop/backing_file"))
                            .strip()));
                } catch (NoSuchFileException e) {
                    // not attached
                }
            }
        }
        Path real = directory.toRealPath();
        return files.stream().filter(file -> file.startsWith(real)).toList();
    }

    private List<Path> imageMounts() throws IOException {
        return mountsIn(own.resolve("images"));
    }

    private Path indexOf(Digest... layers) {
        return own.resolve("images").resolve(Lower.merged(List.of(layers)).name());
    }

    @Test
    void anImageIsOneDirectoryForAllItsContainers() throws Exception {
        List<Digest> layers =
                IntStream.range(0, 120).mapToObj(i -> layer("f" + i, "" + i)).toList();
        Snapshot one = erofs.prepare("one", layers);
        Snapshot two = erofs.prepare("two", layers);
        assertEquals(List.of(), imageMounts());
        assertEquals("7", Files.readString(one.mount().resolve("d/f7")));
        assertEquals("119", Files.readString(two.mount().resolve("d/f119")));
        assertEquals(1, imageMounts().size());
        assertEquals(imageMounts(), one.paths().lowers());
        one.remove();
        two.remove();
        assertEquals(1, imageMounts().size());
    }

    @Test
    void whatIsMountedSurvivesTheEngine() throws Exception {
        Digest base = layer("f", "text");
        Path idle = erofs.prepare("idle", List.of(layer("g", "other"))).mount();
        erofs.snapshot("idle").orElseThrow().unmount();
        Path root = erofs.prepare("running", List.of(base)).mount();
        erofs.close();
        assertFalse(Files.exists(idle.resolve("d")));
        assertEquals("text", Files.readString(root.resolve("d/f")));
        List<Path> kept = imageMounts();
        assertEquals(1, kept.size());
        erofs = open(own);
        Path again = erofs.prepare("second", List.of(base)).mount();
        assertEquals("text", Files.readString(again.resolve("d/f")));
        assertEquals(kept, imageMounts());
        assertEquals(inode(root.resolve("d/f")), inode(again.resolve("d/f")));
    }

    private static Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    @Test
    void aCrashLeavesNothingBehind() throws Exception {
        Digest base = layer("f", "text");
        erofs.prepare("s", List.of(base)).mount();
        // An engine that is killed leaves the image mounted, and maybe a probe in the temporary directory.
        Path probe = Files.createDirectories(own.resolve("temporary/77/mounted"));
        ErofsMount.mount(
                way(), indexOf(base).resolve("index"), List.of(erofs.tar(base).orElseThrow()), probe, Caching.BUFFERED);
        Path unfinished = Files.createDirectories(own.resolve("images/sha256-0/mount"));
        erofs = open(own);
        assertFalse(Files.exists(probe));
        assertFalse(Files.exists(unfinished));
        assertEquals(List.of(), mountsIn(own.resolve("temporary")));
        erofs.snapshot("s").orElseThrow().remove();
    }

    @Test
    void aDamagedIndexIsMadeAnew() throws Exception {
        Digest base = layer("f", "text");
        for (Damage damage : List.<Damage>of(
                index -> Files.write(index.resolve("index"), new byte[4096]),
                index -> Files.delete(index.resolve("index")),
                index -> flip(index.resolve("index")),
                index -> Files.write(index.resolve("about"), new byte[0]),
                index -> Files.write(index.resolve("about"), new byte[] {(byte) 0xff, 0, 1}),
                index -> Files.delete(index.resolve("about")))) {
            erofs.index(List.of(base));
            damage.to(indexOf(base));
            Snapshot snapshot = erofs.prepare("s", List.of(base));
            assertEquals("text", Files.readString(snapshot.mount().resolve("d/f")));
            snapshot.remove();
            erofs.close();
            assertEquals(List.of(), imageMounts());
        }
    }

    private interface Damage {
        void to(Path path) throws IOException;
    }

    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void aDamagedTreeIsReadFromTheTarAgain() throws Exception {
        Digest base = layer("f", "text");
        Path file = erofs.tar(base).orElseThrow().resolveSibling("tree");
        byte[] expected = Files.readAllBytes(file);
        for (Damage damage :
                List.<Damage>of(Files::delete, ErofsContract::flip, tree -> Files.write(tree, new byte[0]))) {
            damage.to(file);
            Snapshot snapshot = erofs.prepare("s", List.of(base));
            assertEquals("text", Files.readString(snapshot.mount().resolve("d/f")));
            assertArrayEquals(expected, Files.readAllBytes(file));
            snapshot.remove();
            erofs.detachIndex(erofs.indexes().getFirst()).orElseThrow().discard();
        }
    }

    /** Pieces of a sparse file that lie at no whole block: what can't be pointed to in the tar. */
    private static byte[] misaligned() {
        return new RawTar()
                .special(
                        'x',
                        "24 GNU.sparse.size=2000\n26 GNU.sparse.numblocks=2\n29 GNU.sparse.map=3,4,1001,3\n"
                                .getBytes(UTF_8))
                .entry("sparse", '0', 7)
                .data("abcdxyz".getBytes(UTF_8))
                .data(new byte[505])
                .end();
    }

    @Test
    void lostFurtherContentsAreTakenFromTheTarAgain() throws Exception {
        byte[] tar = misaligned();
        Digest base = erofs.install(new ByteArrayInputStream(tar), () -> Digest.of(tar))
                .diffId();
        Path extra = erofs.tar(base).orElseThrow().resolveSibling("extra");
        byte[] expected = Files.readAllBytes(extra);
        byte[] content = new byte[2000];
        System.arraycopy("abcd".getBytes(UTF_8), 0, content, 3, 4);
        System.arraycopy("xyz".getBytes(UTF_8), 0, content, 1001, 3);
        for (Damage damage : List.<Damage>of(path -> {}, Files::delete, path -> Files.write(path, new byte[0]))) {
            damage.to(extra);
            Snapshot snapshot = erofs.prepare("s", List.of(base));
            assertArrayEquals(content, Files.readAllBytes(snapshot.mount().resolve("sparse")));
            assertArrayEquals(expected, Files.readAllBytes(extra));
            snapshot.remove();
            erofs.detachIndex(erofs.indexes().getFirst()).orElseThrow().discard();
        }
    }

    @Test
    void alteredAndLostTarsAreNamed() throws Exception {
        Digest base = layer("f", "text");
        Path tar = erofs.tar(base).orElseThrow();
        Files.delete(tar.resolveSibling("tree"));
        flip(tar);
        assertLost(base, () -> erofs.prepare("s", List.of(base)));
        flip(tar);
        Snapshot snapshot = erofs.prepare("s", List.of(base));
        Files.delete(tar);
        assertLost(base, snapshot::mount);
    }

    private static void assertLost(Digest layer, org.junit.jupiter.api.function.Executable action) {
        FornoException e = assertThrows(FornoException.class, action);
        assertEquals(ErrorKind.DATA_LOSS, e.kind());
        assertTrue(String.valueOf(e.getMessage()).contains(layer.toString()), e.getMessage());
    }

    @Test
    void theTarIsTheLayer() throws Exception {
        Digest base = layer("f", "text");
        try (var in = Files.newInputStream(erofs.tar(base).orElseThrow())) {
            assertEquals(base, Digest.of(in));
        }
        Snapshot snapshot = erofs.prepare("s", List.of(base));
        Files.writeString(snapshot.mount().resolve("d/g"), "more");
        ByteArrayOutputStream diff = new ByteArrayOutputStream();
        snapshot.writeDiff(diff);
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        Layer captured = erofs.capture(snapshot, copy);
        Layer sealed = erofs.seal(snapshot, new ByteArrayOutputStream());
        assertEquals(captured, sealed);
        assertArrayEquals(diff.toByteArray(), copy.toByteArray());
        Path file = erofs.tar(sealed.diffId()).orElseThrow();
        assertArrayEquals(diff.toByteArray(), Files.readAllBytes(file));
        byte[] tree = Files.readAllBytes(file.resolveSibling("tree"));
        erofs.removeLayer(sealed.diffId());
        assertTrue(erofs.tar(sealed.diffId()).isEmpty());
        erofs.install(new ByteArrayInputStream(diff.toByteArray()), sealed::diffId);
        assertArrayEquals(tree, Files.readAllBytes(file.resolveSibling("tree")));
    }

    @Test
    void contentIsInMemoryOnlyOnce() throws Exception {
        String text = "0123456789abcdef".repeat(1 << 16);
        Digest base = layer("f", text);
        Path tar = erofs.tar(base).orElseThrow();
        Path file = erofs.prepare("s", List.of(base)).mount().resolve("d/f");
        assertEquals(text, Files.readString(file));
        assertEquals(text.length() / PAGE, pagesInMemory(file));
        assertEquals(0, pagesInMemory(tar));
    }

    private static final int PAGE = 4096;

    private static long pagesInMemory(Path file) throws IOException {
        long count = 0;
        try (FileChannel channel = FileChannel.open(file);
                Arena arena = Arena.ofConfined()) {
            for (long at = 0; at < channel.size(); at += PAGE) {
                long length = Math.min(PAGE, channel.size() - at);
                MemorySegment page = channel.map(FileChannel.MapMode.READ_ONLY, at, length, arena);
                count += page.isLoaded() ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    void aSnapshotOfOtherChangesIsNotSealed() throws Exception {
        Snapshot snapshot = erofs.prepare("s", List.of());
        Files.writeString(snapshot.mount().resolve("f"), "text");
        FornoException e = assertThrows(FornoException.class, () -> erofs.seal(snapshot, Digest.of(new byte[3])));
        assertEquals(ErrorKind.FAILED_PRECONDITION, e.kind());
        assertEquals(List.of(), erofs.layers());
        assertEquals("text", Files.readString(snapshot.mount().resolve("f")));
    }

    @Test
    void stepsAreDirectoriesOfTheirOwnUntilTheImageIsWhole() throws Exception {
        Digest base = layer("f", "text");
        erofs.index(List.of(base));
        Digest step = install(new LayerTar().file("d/.wh.f", "").file("d/g", "more"));
        Snapshot above = erofs.prepare("above", List.of(base, step));
        Path root = above.mount();
        assertEquals(List.of("d", "d/g"), names(root));
        assertEquals(2, imageMounts().size());
        assertEquals(List.of(), above.changes());
        erofs.index(List.of(base, step));
        Path whole = erofs.prepare("whole", List.of(base, step)).mount();
        assertEquals(describe(root), describe(whole));
        assertEquals(3, imageMounts().size());
        above.unmount();
        assertEquals(List.of("d", "d/g"), names(above.mount()));
        assertEquals(List.of(), above.changes());
    }

    @Test
    void unusedIndexesAreRemoved() throws Exception {
        Digest base = layer("f", "text");
        Digest top = layer("g", "more");
        erofs.index(List.of(base));
        erofs.index(List.of(base, top));
        Snapshot snapshot = erofs.prepare("s", List.of(base, top));
        snapshot.mount();
        for (MergedIndex index : erofs.indexes()) {
            assertTrue(erofs.detachIndex(index).isEmpty());
        }
        snapshot.remove();
        for (MergedIndex index : erofs.indexes()) {
            erofs.detachIndex(index).orElseThrow().discard();
            assertFalse(Files.exists(index.path()));
        }
        assertEquals(List.of(), imageMounts());
        erofs.index(List.of(base, top));
        erofs.detachLayer(top).ifPresent(Remains::discard);
        assertEquals(List.of(), erofs.indexes());
    }

    @Test
    void fewImagesStayMountedThatNobodyUses() throws Exception {
        Digest used = layer("used", "text");
        Path root = erofs.prepare("used", List.of(used)).mount();
        for (int i = 0; i < 40; i++) {
            Snapshot snapshot = erofs.prepare("s" + i, List.of(layer("f" + i, "" + i)));
            snapshot.mount();
            snapshot.remove();
        }
        int mounted = imageMounts().size();
        assertTrue(mounted > 1 && mounted <= 25, "mounted: " + mounted);
        assertTrue(imageMounts().contains(indexOf(used).toRealPath().resolve("mount")));
        assertEquals("text", Files.readString(root.resolve("d/used")));
    }

    @Test
    void manyThreadsShareAndRemove() throws Exception {
        List<Digest> layers =
                IntStream.range(0, 4).mapToObj(i -> layer("f" + i, "" + i)).toList();
        List<Callable<Integer>> work = new ArrayList<>();
        for (int thread = 0; thread < 6; thread++) {
            int mine = thread;
            work.add(() -> {
                for (int round = 0; round < 12; round++) {
                    int size = 1 + (mine + round) % layers.size();
                    Snapshot snapshot = erofs.prepare("s" + mine + "-" + round, layers.subList(0, size));
                    Path root = snapshot.mount();
                    assertEquals("" + (size - 1), Files.readString(root.resolve("d/f" + (size - 1))));
                    assertEquals(size, names(root.resolve("d")).size());
                    assertEquals(List.of(), snapshot.changes());
                    snapshot.remove();
                }
                return 0;
            });
        }
        work.add(() -> {
            for (int round = 0; round < 60; round++) {
                for (MergedIndex index : erofs.indexes()) {
                    erofs.detachIndex(index).ifPresent(Remains::discard);
                }
            }
            return 0;
        });
        try (var threads = Executors.newFixedThreadPool(work.size())) {
            for (Future<Integer> result : threads.invokeAll(work)) {
                assertEquals(0, result.get());
            }
        }
        assertNotEquals(0, erofs.layers().size());
    }
}
