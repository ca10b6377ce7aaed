package dev.forno.linux.compression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

/** What every implementation must do with streams of all kinds, whole and damaged. */
abstract class GzipInputContract {
    private final Random random = new Random(42);

    abstract Inflation inflation();

    private byte[] unzip(InputStream in) throws IOException {
        try (GzipInput gzip = new GzipInput(in, inflation())) {
            return gzip.readAllBytes();
        }
    }

    private byte[] unzip(byte[] stream) throws IOException {
        return unzip(new ByteArrayInputStream(stream));
    }

    /** Never more than {@code piece} bytes at once, and nothing "available". */
    private static InputStream pieces(byte[] bytes, int piece) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public int read(byte[] into, int from, int length) {
                return super.read(into, from, Math.min(length, piece));
            }

            @Override
            public int available() {
                return 0;
            }
        };
    }

    private static byte[] zip(byte[] plain, int level) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out) {
            {
                def.setLevel(level);
            }
        }) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    private static byte[] zip(byte[] plain) throws IOException {
        return zip(plain, Deflater.DEFAULT_COMPRESSION);
    }

    private static byte[] join(byte[]... parts) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.write(part);
        }
        return out.toByteArray();
    }

    /** Text-like, random and repeating stretches. */
    private byte[] mixed(int size) {
        byte[] bytes = new byte[size];
        int at = 0;
        while (at < size) {
            int n = Math.min(size - at, 1 + random.nextInt(70_000));
            switch (random.nextInt(3)) {
                case 0 -> Arrays.fill(bytes, at, at + n, (byte) random.nextInt());
                case 1 -> {
                    byte[] noise = new byte[n];
                    random.nextBytes(noise);
                    System.arraycopy(noise, 0, bytes, at, n);
                }
                default -> {
                    for (int i = at; i < at + n; i++) {
                        bytes[i] = (byte) ("layers of dough ".charAt(i % 16) + random.nextInt(4) / 3);
                    }
                }
            }
            at += n;
        }
        return bytes;
    }

    @Test
    void allLevelsAndSizes() throws Exception {
        for (int size : new int[] {0, 1, 7, 100, 32_768, 65_535, 65_536, 262_144, 262_145, 1_000_003}) {
            byte[] plain = mixed(size);
            for (int level = 0; level <= 9; level += 3) {
                assertArrayEquals(plain, unzip(zip(plain, level)), size + " bytes, level " + level);
            }
        }
    }

    @Test
    void bytesMayComeInPiecesOfAnySize() throws Exception {
        byte[] first = mixed(50_000);
        byte[] second = mixed(333);
        byte[] stream = join(zip(first), zip(second), zip(new byte[0]), zip(first, 1));
        byte[] expected = join(first, second, first);
        for (int piece : new int[] {1, 2, 3, 5, 7, 8, 9, 31, 64, 511, 4096}) {
            assertArrayEquals(expected, unzip(pieces(stream, piece)), "pieces of " + piece);
        }
    }

    @Test
    void theEndOfAMemberMayFallAnywhereInAPiece() throws Exception {
        byte[] plain = mixed(2000);
        byte[] stream = join(zip(plain, 1), zip(plain, 9));
        byte[] expected = join(plain, plain);
        for (int first = 1; first < stream.length; first++) {
            InputStream in = new java.io.SequenceInputStream(
                    pieces(Arrays.copyOf(stream, first), first),
                    new ByteArrayInputStream(stream, first, stream.length - first));
            assertArrayEquals(expected, unzip(in), "cut at " + first);
        }
    }

    @Test
    void singleBytesAndOddReads() throws Exception {
        byte[] plain = mixed(5000);
        try (GzipInput in = new GzipInput(new ByteArrayInputStream(zip(plain)), inflation())) {
            byte[] read = new byte[5000];
            read[0] = (byte) in.read();
            assertEquals(0, in.read(read, 1, 0));
            assertEquals(4999, in.readNBytes(read, 1, 4999));
            assertArrayEquals(plain, read);
            assertEquals(-1, in.read());
            assertEquals(-1, in.read());
        }
    }

    @Test
    void headersWithAllFields() throws Exception {
        byte[] body = zip("text".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        byte[] header = {
            0x1f, (byte) 0x8b, 8, 4 | 8 | 16 | 2, 0, 0, 0, 0, 0, 3, 2, 0, 'x', 'y', 'n', 0, 'c', 'o', 0, 0, 0
        };
        byte[] stream = join(header, Arrays.copyOfRange(body, 10, body.length));
        assertEquals("text", new String(unzip(stream), java.nio.charset.StandardCharsets.UTF_8));
        assertEquals("text", new String(unzip(pieces(stream, 1)), java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void whatFollowsTheLastMemberIsIgnored() throws Exception {
        byte[] plain = mixed(3000);
        for (byte[] tail : new byte[][] {
            new byte[1], new byte[700], {1, 2, 3}, {0x1f}, "tail".getBytes(java.nio.charset.StandardCharsets.US_ASCII)
        }) {
            assertArrayEquals(plain, unzip(join(zip(plain), tail)));
            assertArrayEquals(plain, unzip(pieces(join(zip(plain), tail), 1)));
        }
    }

    @Test
    void everyTruncationIsNoticed() throws Exception {
        byte[] stream = zip(mixed(3000));
        for (int size = 0; size < stream.length; size++) {
            byte[] cut = Arrays.copyOf(stream, size);
            assertThrows(EOFException.class, () -> unzip(cut), size + " of " + stream.length + " bytes");
        }
        byte[] second = join(stream, Arrays.copyOf(stream, 9));
        assertThrows(EOFException.class, () -> unzip(second));
    }

    @Test
    void everyDamagedByteIsNoticedOrHarmless() throws Exception {
        byte[] plain = mixed(600);
        byte[] stream = zip(plain);
        for (int i = 0; i < stream.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] damaged = stream.clone();
                damaged[i] ^= (byte) (1 << bit);
                try {
                    assertArrayEquals(plain, unzip(damaged), "byte " + i + ", bit " + bit);
                } catch (ZipException | EOFException e) {
                    // noticed
                }
            }
        }
    }

    @Test
    void whatIsNotGzipIsRefused() {
        for (byte[] bytes :
                new byte[][] {{1, 2, 3, 4}, {0x1f, (byte) 0x8b, 9, 0}, {0x1f, (byte) 0x8b, 8, (byte) 0x80}}) {
            assertThrows(ZipException.class, () -> unzip(bytes));
        }
        byte[] endlessName = new byte[100_000];
        Arrays.fill(endlessName, (byte) 'n');
        System.arraycopy(new byte[] {0x1f, (byte) 0x8b, 8, 8}, 0, endlessName, 0, 4);
        assertThrows(ZipException.class, () -> unzip(endlessName));
    }

    @Test
    void randomBytesNeverDoHarm() {
        for (int i = 0; i < 3000; i++) {
            byte[] noise = new byte[10 + random.nextInt(600)];
            random.nextBytes(noise);
            System.arraycopy(new byte[] {0x1f, (byte) 0x8b, 8, 0}, 0, noise, 0, 4);
            assertThrows(IOException.class, () -> unzip(noise));
        }
    }

    @Test
    void aLongStream() throws Exception {
        byte[] block = mixed(1 << 20);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes, 1 << 16) {
            {
                def.setLevel(Deflater.BEST_SPEED);
            }
        }) {
            for (int i = 0; i < 16; i++) {
                gzip.write(block);
            }
        }
        try (GzipInput in = new GzipInput(new ByteArrayInputStream(bytes.toByteArray()), inflation())) {
            for (int i = 0; i < 16; i++) {
                assertArrayEquals(block, in.readNBytes(block.length));
            }
            assertEquals(-1, in.read());
        }
    }
}
