package dev.forno.store.indexes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.Root;
import dev.forno.linux.mounts.ErofsMount;
import dev.forno.linux.mounts.ErofsMount.Caching;
import dev.forno.linux.mounts.ErofsMount.Way;
import dev.forno.linux.mounts.Mounts;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarType;
import dev.forno.store.archives.TarWriter;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Mounts indexes in every way. Needs root. */
class ErofsMountTest {
    @TempDir
    Path temporary;

    private Path tar(int files, int size) throws Exception {
        Path tar = temporary.resolve("layer.tar");
        Random random = new Random(1);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(tar))) {
            TarWriter writer = new TarWriter(out);
            for (int i = 0; i < files; i++) {
                byte[] content = new byte[size];
                random.nextBytes(content);
                TarEntry entry = TarEntry.file("f" + i, 04755, size, Instant.ofEpochSecond(1));
                writer.add(entry, new ByteArrayInputStream(content));
            }
            writer.finish();
        }
        return tar;
    }

    @Test
    void theProbeTellsTheBestWayAndLeavesNothing() throws Exception {
        Path directory = temporary.resolve("new/directory");
        ErofsSupport support = ErofsProbe.probe(directory);
        assertTrue(Mounts.table().stream().noneMatch(mount -> mount.target().startsWith(directory)));
        try (var left = Files.list(directory)) {
            assertEquals(0, left.count());
        }
        assertEquals(support.way().isPresent(), !support.failures().containsKey(Way.LOOP), support.summary());
        support.way().ifPresent(way -> assertTrue(support.summary().startsWith(way.toString()), support.summary()));
    }

    @ParameterizedTest
    @EnumSource
    void everyWayShowsTheSame(Way way) throws Exception {
        ErofsSupport support = ErofsProbe.probe(temporary.resolve("probe"), List.of(way));
        assumeTrue(support.way().isPresent(), support.summary());
        Path tar = tar(20, 3000);
        Path gnu = Tools.extract(tar, temporary.resolve("gnu"));
        for (Caching caching : List.of(Caching.BUFFERED, support.caching())) {
            Path work = Files.createDirectory(temporary.resolve("work-" + caching));
            try (MountedIndex index = new MountedIndex(work, List.of(tar), way, caching)) {
                assertEquals("", TreeFacts.difference(TreeFacts.of(gnu), TreeFacts.of(index.target())));
                assertThrows(
                        java.nio.file.FileSystemException.class,
                        () -> Files.writeString(index.target().resolve("f1"), "x"));
                var mount = Mounts.at(index.target()).orElseThrow();
                assertEquals("erofs", mount.type());
                assertTrue(mount.options().startsWith("ro"), mount.options());
                assertEquals(-1, mount.options().indexOf("nosuid"), mount.options());
            }
            assertEquals(List.of(), loopsOf(tar));
            if (support.caching() == Caching.BUFFERED) {
                return;
            }
        }
    }

    @Test
    void devicesWorkThroughAnOverlayOnly() throws Exception {
        assumeTrue(ErofsProbe.probe(temporary.resolve("probe")).way().isPresent());
        Path tar = temporary.resolve("layer.tar");
        try (OutputStream out = Files.newOutputStream(tar)) {
            TarWriter writer = new TarWriter(out);
            writer.add(new TarEntry(
                    "zero",
                    TarType.CHARACTER_DEVICE,
                    0666,
                    0,
                    0,
                    "",
                    "",
                    0,
                    Instant.EPOCH,
                    null,
                    "",
                    1,
                    5,
                    Collections.emptySortedMap()));
            writer.finish();
        }
        Path work = Files.createDirectory(temporary.resolve("work"));
        Path merged = Files.createDirectory(temporary.resolve("merged"));
        Path upper = Files.createDirectory(temporary.resolve("upper"));
        Path overlays = Files.createDirectory(temporary.resolve("overlays"));
        try (MountedIndex index = new MountedIndex(work, List.of(tar))) {
            assertThrows(IOException.class, () -> read(index.target().resolve("zero")));
            Mounts.overlay(List.of(index.target()), upper, overlays, merged);
            try {
                assertEquals(0, read(merged.resolve("zero")));
            } finally {
                Mounts.unmount(merged);
            }
        }
    }

    private static int read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.read();
        }
    }

    /** The loop devices that have the file. */
    private static List<Path> loopsOf(Path file) throws Exception {
        try (var devices = Files.newDirectoryStream(Path.of("/sys/block"), "loop*")) {
            List<Path> found = new java.util.ArrayList<>();
            for (Path device : devices) {
                Path backing = device.resolve("loop/backing_file");
                if (Files.exists(backing) && Files.readString(backing).strip().equals(file.toString())) {
                    found.add(device);
                }
            }
            return found;
        }
    }

    @Test
    void directMountsCacheContentsOnce() throws Exception {
        ErofsSupport support = ErofsProbe.probe(temporary.resolve("probe"));
        assumeTrue(support.caching() == Caching.DIRECT, support.summary());
        assumeTrue(!Files.getFileStore(temporary).type().equals("tmpfs"), "a tmpfs is the page cache");
        Path tar = tar(4, 1 << 20);
        Path work = Files.createDirectory(temporary.resolve("work"));
        Way way = support.way().orElseThrow();
        try (MountedIndex index = new MountedIndex(work, List.of(tar), way, Caching.DIRECT)) {
            Tools.run(List.of("dd", "of=" + tar, "oflag=nocache", "conv=notrunc,fdatasync", "count=0"));
            assumeTrue(cached(tar) == 0, "the cache of the tar can't be dropped here");
            for (int i = 0; i < 4; i++) {
                assertEquals(1 << 20, Files.readAllBytes(index.target().resolve("f" + i)).length);
            }
            assertEquals(0, cached(tar));
            assertEquals(1 << 20, cached(index.target().resolve("f1")));
        }
    }

    private static long cached(Path file) throws Exception {
        return Long.parseLong(Tools.run(List.of("fincore", "-b", "-n", "-o", "RES", file.toString()))
                .strip());
    }

    @Test
    void whatIsNoIndexIsRefusedWithTheReason() throws Exception {
        Path target = Files.createDirectory(temporary.resolve("target"));
        Path noIndex = Files.write(temporary.resolve("index"), new byte[8192]);
        ErrnoException e = assertThrows(
                ErrnoException.class, () -> ErofsMount.mount(Way.FILE, noIndex, List.of(), target, Caching.BUFFERED));
        assertTrue(String.valueOf(e.getMessage()).contains("erofs"), e.getMessage());
        assertTrue(Mounts.at(target).isEmpty());
    }

    @Test
    void aPathTooLongForAnOptionStillWorks() throws Exception {
        assumeTrue(ErofsProbe.probe(temporary.resolve("probe"), List.of(Way.FILE))
                .way()
                .isPresent());
        Path tar = tar(1, 10);
        Path deep = Files.createDirectories(temporary.resolve("x".repeat(200)).resolve("y".repeat(200)));
        Path moved = Files.move(tar, deep.resolve("layer, with=odd:name.tar"));
        try (MountedIndex index = new MountedIndex(Files.createDirectory(deep.resolve("work")), List.of(moved));
                Root root = Root.open(index.target())) {
            assertEquals(10, root.stat("f0").size());
        }
    }
}
