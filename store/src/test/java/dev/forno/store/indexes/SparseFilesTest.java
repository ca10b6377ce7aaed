package dev.forno.store.indexes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.files.Root;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.archives.RawTar;
import dev.forno.store.archives.TarEntry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files with holes, whose pieces are aligned to blocks or not. */
class SparseFilesTest {
    @TempDir
    Path temporary;

    /** A file in an archive of the PAX sparse format 0.1. */
    private static final class Sparse {
        private final byte[] content;
        private final String map;
        private final byte[] stored;

        Sparse(byte[] content, String map, byte[] stored) {
            this.content = content;
            this.map = map;
            this.stored = stored;
        }

        /** Random pieces; {@code unit} is what places and lengths are multiples of. */
        static Sparse of(long seed, int unit) {
            Random random = new Random(seed);
            int size = 1 + random.nextInt(60_000);
            byte[] content = new byte[size];
            List<String> map = new ArrayList<>();
            ByteArrayOutputStream stored = new ByteArrayOutputStream();
            int at = random.nextInt(3000) / unit * unit;
            while (at < size) {
                int length = Math.min(size - at, (1 + random.nextInt(9000) / unit) * unit);
                byte[] piece = new byte[length];
                random.nextBytes(piece);
                System.arraycopy(piece, 0, content, at, length);
                stored.writeBytes(piece);
                map.add(at + "," + length);
                at += length + random.nextInt(9000) / unit * unit;
            }
            if (random.nextBoolean()) {
                map.add(size + ",0");
            }
            return new Sparse(content, String.join(",", map), stored.toByteArray());
        }

        byte[] tar(int before) {
            String records = record("GNU.sparse.size=" + content.length)
                    + record("GNU.sparse.numblocks=" + (map.split(",").length / 2))
                    + record("GNU.sparse.map=" + map);
            return new RawTar()
                    .file("before", "x".repeat(before))
                    .special('x', records.getBytes(UTF_8))
                    .entry("sparse", '0', stored.length)
                    .data(stored)
                    .data(new byte[-stored.length & 511])
                    .file("after", "y".repeat(before))
                    .end();
        }

        private static String record(String text) {
            int length = text.length() + 3;
            while (Integer.toString(length).length() + text.length() + 2 != length) {
                length++;
            }
            return length + " " + text + "\n";
        }
    }

    @Test
    void contentsAreFoundByTheirExtents() throws Exception {
        for (long seed = 0; seed < 400; seed++) {
            Sparse sparse = Sparse.of(seed, seed % 2 == 0 ? 1 : 512);
            if (sparse.map.isEmpty() || sparse.stored.length == 0) {
                continue;
            }
            byte[] tar = sparse.tar((int) seed);
            Path extra = temporary.resolve("extra");
            LayerTree tree = MountedIndex.reread(TreeScan.scan(new ByteArrayInputStream(tar), extra));
            byte[] copied = Files.exists(extra) ? Files.readAllBytes(extra) : new byte[0];
            assertEquals(tree.extraBytes(), copied.length);
            assertTrue(seed % 2 == 0 || copied.length == 0, "aligned pieces are pointed to where they are");
            byte[] found = new byte[sparse.content.length];
            tree.forEach(entry -> {
                if (entry.path().equals("sparse")) {
                    assertEquals(found.length, entry.size());
                    entry.extents().forEach(e -> {
                        assertEquals(0, (e.at() | e.offset()) & 511);
                        byte[] from = e.extra() ? copied : tar;
                        System.arraycopy(from, (int) e.offset(), found, (int) e.at(), (int) e.length());
                    });
                }
            });
            assertArrayEquals(sparse.content, found, "seed " + seed);
            Files.deleteIfExists(extra);
        }
    }

    /** GNU tar itself pads each piece to a block, so only aligned ones mean the same to it. */
    @Test
    void mountedTheyAreWhatWasArchived() throws Exception {
        for (long seed = 0; seed < 6; seed++) {
            Path work = Files.createDirectory(temporary.resolve("work-" + seed));
            Sparse sparse = Sparse.of(seed, seed % 2 == 0 ? 1 : 512);
            Path tar = Files.write(work.resolve("layer.tar"), sparse.tar(700));
            try (MountedIndex index = new MountedIndex(Files.createDirectory(work.resolve("w")), List.of(tar))) {
                assertEquals(seed % 2 == 0 ? 2 : 1, index.devices().size());
                assertArrayEquals(
                        sparse.content, Files.readAllBytes(index.target().resolve("sparse")));
                if (seed % 2 == 1) {
                    Path gnu = Tools.extract(tar, work.resolve("gnu"));
                    assertEquals("", TreeFacts.difference(TreeFacts.of(gnu), TreeFacts.of(index.target())));
                }
                Tools.checkIfPossible(index);
            }
        }
    }

    @Test
    void gnuTarsSparseFormatsAreUnderstood() throws Exception {
        Path tree = Files.createDirectory(temporary.resolve("tree"));
        try (RandomAccessFile file = new RandomAccessFile(tree.resolve("holes").toFile(), "rw")) {
            file.setLength(30L << 30);
            for (long at : new long[] {0, 123_456, 5L << 30, (30L << 30) - 3}) {
                file.seek(at);
                file.write(new byte[] {1, 2, 3});
            }
        }
        try (RandomAccessFile file = new RandomAccessFile(tree.resolve("empty").toFile(), "rw")) {
            file.setLength(3L << 30);
        }
        for (List<String> format : List.of(
                List.of("--format=gnu"),
                List.of("--format=posix", "--sparse-version=0.0"),
                List.of("--format=posix", "--sparse-version=0.1"),
                List.of("--format=posix", "--sparse-version=1.0"))) {
            List<String> options = new ArrayList<>(format);
            options.add("-S");
            Path tar = Tools.archive(tree, temporary.resolve("layer.tar"), options.toArray(new String[0]));
            assertTrue(Files.size(tar) < 100_000);
            Path work = Files.createDirectory(temporary.resolve("work" + format.size() + format.getLast()));
            try (MountedIndex index = new MountedIndex(work, List.of(tar));
                    Root root = Root.open(index.target())) {
                assertEquals(30L << 30, root.stat("holes").size());
                assertEquals(3L << 30, root.stat("empty").size());
                try (RandomAccessFile file =
                        new RandomAccessFile(index.target().resolve("holes").toFile(), "r")) {
                    for (long at : new long[] {0, 123_456, 5L << 30, (30L << 30) - 3}) {
                        byte[] around = new byte[5];
                        file.seek(Math.max(0, at - 1));
                        int n = file.read(around);
                        String expected = at == 0 ? "1 2 3 0 0" : n == 4 ? "0 1 2 3" : "0 1 2 3 0";
                        assertEquals(expected, text(around, n), format + " at " + at);
                    }
                }
                assertTrue(Files.size(index.index()) < 1 << 20);
            }
        }
    }

    private static String text(byte[] bytes, int length) {
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            numbers.add(Integer.toString(bytes[i]));
        }
        return String.join(" ", numbers);
    }

    /** The content is a hole of the archive's own file, so nothing large is written. */
    @Test
    void aFileOverFourGigabytes() throws Exception {
        long size = (4L << 30) + 1000;
        Path tar = temporary.resolve("layer.tar");
        try (RandomAccessFile file = new RandomAccessFile(tar.toFile(), "rw")) {
            file.seek(512 + size - 4);
            file.write(new byte[] {9, 8, 7, 6});
            file.setLength(512 + ((size + 511) & -512) + 1024);
        }
        TreeBuilder builder = new TreeBuilder();
        builder.add(TarEntry.file("large", 0644, size, Instant.EPOCH), 512);
        LayerTree tree = builder.build(Files.size(tar));
        try (MountedIndex index = MountedIndex.of(tree, tar, Files.createDirectory(temporary.resolve("w")));
                RandomAccessFile file =
                        new RandomAccessFile(index.target().resolve("large").toFile(), "r")) {
            assertEquals(size, file.length());
            file.seek(size - 4);
            byte[] end = new byte[4];
            file.readFully(end);
            assertArrayEquals(new byte[] {9, 8, 7, 6}, end);
        }
    }

    @Test
    void hugeSparseFilesMakeNoHugeIndexAndBeyondTheLimitAreRefused() throws Exception {
        byte[] large = new RawTar()
                .special(
                        'x',
                        (Sparse.record("GNU.sparse.size=" + (1L << 44)) + Sparse.record("GNU.sparse.map=777,5"))
                                .getBytes(UTF_8))
                .entry("sparse", '0', 5)
                .data(new byte[512])
                .end();
        LayerTree tree = TreeScan.scan(new ByteArrayInputStream(large), temporary.resolve("extra"));
        assertEquals(1L << 32, tree.extraBytes());
        ByteArrayOutputStream index = new ByteArrayOutputStream();
        ErofsIndex.write(MergedTree.of(List.of(tree)), index);
        assertTrue(index.size() < 100_000, index.size() + " bytes");
        byte[] larger = new RawTar()
                .special(
                        'x',
                        (Sparse.record("GNU.sparse.size=" + ((1L << 44) + 1)) + Sparse.record("GNU.sparse.map=0,5"))
                                .getBytes(UTF_8))
                .entry("sparse", '0', 5)
                .data(new byte[512])
                .end();
        FornoException e = assertThrows(
                FornoException.class,
                () -> TreeScan.scan(new ByteArrayInputStream(larger), temporary.resolve("second")));
        assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind());
    }
}
