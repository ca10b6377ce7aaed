package dev.forno.store.archives;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.files.FileNames;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarReaderTest {
    private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000L, 120_000_001);

    @Test
    void whatIsWrittenIsRead() throws Exception {
        TreeMap<String, byte[]> xattrs = new TreeMap<>();
        xattrs.put("security.capability", new byte[] {1, 0, 0, 2, 10, '=', 0});
        xattrs.put("user.empty", new byte[0]);
        List<TarEntry> entries = List.of(
                TarEntry.directory("etc", 01777, Instant.ofEpochSecond(5)),
                TarEntry.file("etc/long/" + "d/".repeat(60) + "f".repeat(90), 04755, 0, TIME),
                TarEntry.file("n".repeat(3000), 0600, 0, Instant.ofEpochSecond(-1, 750_000_000)),
                TarEntry.file("açúcar 🍞", 0644, 0, TIME).withOwner(70_000, 0x7fffffff),
                TarEntry.file(FileNames.decode(new byte[] {'x', (byte) 0xff, 'y'}), 0644, 0, TIME),
                TarEntry.file("attributes", 0644, 0, TIME).withXattrs(xattrs).withOwner(-2, 3_000_000),
                TarEntry.symlink("etc/link", "t".repeat(150), TIME),
                TarEntry.hardLink("hard", "etc/link", TIME),
                new TarEntry(
                        "dev",
                        TarType.BLOCK_DEVICE,
                        0660,
                        0,
                        6,
                        "root",
                        "disk",
                        0,
                        TIME,
                        TIME,
                        "",
                        259,
                        70_000,
                        xattrs),
                new TarEntry(
                        "fifo",
                        TarType.FIFO,
                        0600,
                        1,
                        2,
                        "ü",
                        "g".repeat(40),
                        0,
                        TIME,
                        null,
                        "",
                        0,
                        0,
                        new TreeMap<>()));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TarWriter writer = new TarWriter(bytes);
        for (TarEntry entry : entries) {
            writer.add(entry);
        }
        writer.finish();
        assertEquals(entries, readAll(bytes.toByteArray()));
    }

    @Test
    void contentIsReadOrSkippedInAnyAmount() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TarWriter writer = new TarWriter(bytes);
        for (int size : new int[] {0, 1, 511, 512, 513, 200_000}) {
            writer.add(TarEntry.file("f" + size, 0644, size, TIME), new ByteArrayInputStream(pattern(size)));
        }
        writer.finish();
        TarReader reader = reader(bytes.toByteArray());
        assertEquals("f0", reader.next().orElseThrow().name());
        assertEquals("f1", reader.next().orElseThrow().name());
        assertEquals("f511", reader.next().orElseThrow().name());
        assertArrayEquals(pattern(511), reader.content().readAllBytes());
        assertEquals("f512", reader.next().orElseThrow().name());
        assertArrayEquals(new byte[] {0, 1}, reader.content().readNBytes(2));
        assertEquals("f513", reader.next().orElseThrow().name());
        assertEquals(200_000, reader.next().orElseThrow().size());
        assertArrayEquals(pattern(200_000), reader.content().readAllBytes());
        assertTrue(reader.next().isEmpty());
        assertTrue(reader.next().isEmpty());
    }

    @Test
    void shrunkContentIsAnError() {
        TarWriter writer = new TarWriter(new ByteArrayOutputStream());
        FornoException e = assertThrows(
                FornoException.class,
                () -> writer.add(TarEntry.file("f", 0644, 10, TIME), new ByteArrayInputStream(new byte[9])));
        assertEquals(ErrorKind.FAILED_PRECONDITION, e.kind());
    }

    @Test
    void gnuSparseAndLongNamesOfTheRealTar() throws Exception {
        for (String format : List.of("gnu", "0.0", "0.1", "1.0")) {
            byte[] archive = SparseArchives.make(format);
            TarReader reader = reader(archive);
            TarEntry entry = reader.next().orElseThrow();
            assertEquals(SparseArchives.NAME, entry.name(), format);
            assertEquals(SparseArchives.content().length, entry.size(), format);
            assertArrayEquals(SparseArchives.content(), reader.content().readAllBytes(), format);
            assertEquals("after", reader.next().orElseThrow().name(), format);
            assertEquals("text", new String(reader.content().readAllBytes(), UTF_8), format);
            assertTrue(reader.next().isEmpty(), format);

            TarReader copying = reader(archive);
            copying.next();
            byte[] copy = new byte[SparseArchives.content().length];
            long[] written = new long[1];
            copying.copyTo((position, data, from, length) -> {
                System.arraycopy(data, from, copy, (int) position, length);
                written[0] += length;
            });
            assertArrayEquals(SparseArchives.content(), copy, format);
            assertTrue(written[0] < copy.length / 2, format + ": holes were written");
        }
    }

    @Test
    void globalHeadersAreDefaults() throws Exception {
        RawTar tar = new RawTar()
                .special('g', "12 uname=me\n".getBytes(UTF_8))
                .entry("a", '0', 0)
                .special('x', "13 uname=you\n".getBytes(UTF_8))
                .entry("b", '0', 0)
                .special('x', "9 uname=\n".getBytes(UTF_8))
                .entry("c", '0', 0);
        assertEquals(
                List.of("me", "you", ""),
                readAll(tar.end()).stream().map(TarEntry::userName).toList());
    }

    @Test
    void globalHeadersAreBoundedTogether() {
        RawTar tar = new RawTar();
        for (char c = 'a'; c < 'd'; c++) {
            int length = 500_000;
            String start = length + " " + c + "=";
            tar.special('g', (start + "x".repeat(length - start.length() - 1) + "\n").getBytes(UTF_8))
                    .entry("f" + c, '0', 0);
        }
        FornoException e = assertThrows(FornoException.class, () -> readAll(tar.end()));
        assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind());
        assertTrue(e.getMessage().contains("global headers"), e.getMessage());
    }

    @Test
    void oldAndForeignHeadersAreRead() throws Exception {
        RawTar tar =
                new RawTar().v7("dir/", 0).v7("file", 0).entry("vol", 'V', 0).entry("last", '7', 0);
        List<TarEntry> entries = readAll(tar.end());
        assertEquals(
                List.of(TarType.DIRECTORY, TarType.FILE, TarType.FILE),
                entries.stream().map(TarEntry::type).toList());
        assertEquals("dir", entries.getFirst().name());
    }

    @Test
    void libarchiveAttributesAreDecoded() throws Exception {
        byte[] record = "LIBARCHIVE.xattr.user.a%20b=AAEC".getBytes(UTF_8);
        byte[] pax = ((record.length + 4) + " " + new String(record, UTF_8) + "\n").getBytes(UTF_8);
        TarEntry entry =
                readAll(new RawTar().special('x', pax).entry("f", '0', 0).end()).getFirst();
        assertArrayEquals(new byte[] {0, 1, 2}, entry.xattrs().get("user.a b"));
    }

    @Test
    void missingEndMarkerIsTolerated() throws Exception {
        assertEquals(1, readAll(new RawTar().entry("f", '0', 0).bytes()).size());
        assertEquals(0, readAll(new byte[0]).size());
        assertEquals(0, readAll(new byte[512]).size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0 path=x\n",
                "99999999999999999999 path=x\n",
                "8 path=x\n",
                "11 path=x\n",
                "x path=x\n",
                "9 pathxx\n",
                "18 mtime=1e999999\n",
                "15 size=-12345\n",
                "20 GNU.sparse.map=1\n",
                "25 GNU.sparse.numbytes=1\n",
                "19 uid=99999999999\n",
                "9 path=\0\n",
                "36 mtime=99999999999999999999999999\n"
            })
    void malformedExtendedHeadersAreRefused(String record) {
        String fixed = record;
        assertMalformed(new RawTar()
                .special('x', fixed.getBytes(UTF_8))
                .entry("f", '0', 0)
                .end());
    }

    @Test
    void malformedArchivesAreRefused() {
        assertMalformed("this is not a tar archive".getBytes(UTF_8));
        assertMalformed(new byte[511]);
        byte[] wrongChecksum = new RawTar().entry("f", '0', 0).end();
        wrongChecksum[0]++;
        assertMalformed(wrongChecksum);
        assertMalformed(new RawTar().entry("f", '0', 10).bytes());
        assertMalformed(new RawTar().entry("f", 'M', 0).end());
        assertMalformed(new RawTar().entry("f", 'Q', 0).end());
        byte[] zeroThenData = new byte[1024];
        zeroThenData[600] = 1;
        assertMalformed(zeroThenData);
    }

    @Test
    void headerBombsAreRefused() {
        RawTar many = new RawTar();
        for (int i = 0; i < 100; i++) {
            many.special('L', "name\0".getBytes(UTF_8));
        }
        assertMalformed(many.entry("f", '0', 0).end());
        assertMalformed(new RawTar().entry("f", 'L', Integer.MAX_VALUE).end());
        assertMalformed(new RawTar().entry("f", 'x', 2 << 20).end());
    }

    @Test
    void inconsistentSparseMapsAreRefused() {
        for (String map : List.of("0,10,5,10", "0,600", "10,2,0,2", "9223372036854775807,2")) {
            String key = "GNU.sparse.map=" + map + "\n";
            String size = "22 GNU.sparse.size=99\n";
            String record = (key.length() + 3) + " " + key + size;
            assertMalformed(new RawTar()
                    .special('x', record.getBytes(UTF_8))
                    .entry("f", '0', 20)
                    .data(new byte[512])
                    .end());
        }
    }

    @Test
    void damagedArchivesNeverFailInAnotherWay() throws Exception {
        byte[] good = SparseArchives.make("1.0");
        java.util.Random random = new java.util.Random(42);
        for (int round = 0; round < 3000; round++) {
            byte[] bad = good.clone();
            for (int i = 0; i < 3; i++) {
                bad[random.nextInt(Math.min(bad.length, 4096))] = (byte) random.nextInt();
            }
            resealHeaders(bad);
            try {
                TarReader reader = reader(bad);
                while (reader.next().isPresent()) {
                    reader.copyTo((position, bytes, from, length) -> {});
                }
            } catch (FornoException e) {
                assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind());
            }
        }
    }

    /** Makes the checksums right again where a ustar header is, so that the damage gets past them. */
    private static void resealHeaders(byte[] archive) {
        for (int at = 0; at + 512 <= archive.length; at += 512) {
            if (new String(archive, at + 257, 5, ISO_8859_1).equals("ustar")) {
                TarBlock block = new TarBlock(java.util.Arrays.copyOfRange(archive, at, at + 512));
                block.seal();
                System.arraycopy(block.bytes, 0, archive, at, 512);
            }
        }
    }

    private static void assertMalformed(byte[] archive) {
        FornoException e = assertThrows(FornoException.class, () -> {
            TarReader reader = reader(archive);
            while (reader.next().isPresent()) {
                reader.content().readAllBytes();
            }
        });
        assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind(), e.getMessage());
    }

    private static TarReader reader(byte[] archive) {
        InputStream slow = new ByteArrayInputStream(archive) {
            @Override
            public synchronized int read(byte[] b, int off, int len) {
                return super.read(b, off, Math.min(len, 1000)); // short reads, as from a socket
            }
        };
        return new TarReader(slow);
    }

    private static List<TarEntry> readAll(byte[] archive) throws IOException {
        List<TarEntry> entries = new ArrayList<>();
        TarReader reader = reader(archive);
        for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
            entries.add(entry.get());
        }
        return entries;
    }

    private static byte[] pattern(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i % 251);
        }
        return bytes;
    }
}
