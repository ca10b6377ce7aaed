package dev.forno.linux.compression;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Compares a library with the JDK on known streams, before anyone relies on it: a few milliseconds, once. */
final class IsaSelfTest {
    private IsaSelfTest() {}

    /** What is different when it inflates, or an empty text. */
    static String ofInflation(IsaLibrary library) {
        byte[] plain = sample();
        try {
            byte[] stream = members(plain);
            for (int piece : new int[] {stream.length, 1021}) {
                byte[] inflated;
                try (GzipInput in = new GzipInput(pieces(stream, piece), new IsaInflation(library))) {
                    inflated = in.readAllBytes();
                }
                if (!Arrays.equals(inflated, twice(plain))) {
                    return "a known stream inflates to other bytes";
                }
            }
            return crcIsSeen(library, plain) ? "" : "its structure has another shape";
        } catch (IOException | RuntimeException e) {
            return "a known stream can't be inflated: " + e.getMessage();
        }
    }

    /** Whether what it compresses comes back. */
    static boolean ofDeflation(IsaLibrary library) {
        try {
            return deflates(library, sample());
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private static boolean deflates(IsaLibrary library, byte[] plain) throws IOException {
        int half = plain.length / 2;
        byte[] window = Arrays.copyOfRange(plain, Math.max(0, half - Deflation.WINDOW), half);
        byte[] rest = Arrays.copyOfRange(plain, half, plain.length);
        IsaDeflation deflation = new IsaDeflation(library);
        byte[] first = deflation.deflate(plain, half, new byte[0], false);
        byte[] second = deflation.deflate(rest, rest.length, window, true);
        try (Inflation inflation = new JdkInflation()) {
            byte[] out = new byte[plain.length];
            inflation.input(first, 0, first.length);
            int made = inflation.inflate(out, 0, out.length);
            inflation.input(second, 0, second.length);
            made += inflation.inflate(out, made, out.length - made);
            // The end of the stream may be seen by a further call only.
            inflation.inflate(new byte[1], 0, 1);
            return made == plain.length && inflation.finished() && Arrays.equals(out, plain);
        }
    }

    private static boolean crcIsSeen(IsaLibrary library, byte[] plain) throws IOException {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        byte[] raw = new byte[plain.length * 2];
        deflater.setInput(plain);
        deflater.finish();
        int size = deflater.deflate(raw);
        deflater.end();
        CRC32 expected = new CRC32();
        expected.update(plain);
        try (IsaInflation inflation = new IsaInflation(library)) {
            inflation.input(raw, 0, size);
            byte[] out = new byte[plain.length + 1];
            int made = 0;
            for (int n = inflation.inflate(out, 0, out.length);
                    n > 0;
                    n = inflation.inflate(out, made, out.length - made)) {
                made += n;
            }
            return made == plain.length
                    && inflation.finished()
                    && inflation.left() == 0
                    && inflation.crc() == (int) expected.getValue();
        }
    }

    /** Bytes that make stored, fixed and dynamic blocks, near and far matches. */
    private static byte[] sample() {
        Random random = new Random(1);
        byte[] bytes = new byte[48_000];
        byte[] noise = new byte[4000];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, bytes, 0, noise.length);
        Arrays.fill(bytes, 4000, 10_000, (byte) 'a');
        for (int i = 10_000; i < 13_000; i++) {
            bytes[i] = (byte) ("forno ".charAt(i % 6) + (noise[i % noise.length] >> 6));
        }
        System.arraycopy(noise, 0, bytes, 30_000, noise.length);
        System.arraycopy(bytes, 9000, bytes, 40_000, 4000);
        return bytes;
    }

    private static byte[] members(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int level : new int[] {Deflater.BEST_SPEED, Deflater.BEST_COMPRESSION}) {
            GZIPOutputStream gzip = new GZIPOutputStream(out) {
                {
                    def.setLevel(level);
                }
            };
            gzip.write(plain);
            gzip.finish();
        }
        return out.toByteArray();
    }

    private static byte[] twice(byte[] plain) {
        byte[] twice = Arrays.copyOf(plain, plain.length * 2);
        System.arraycopy(plain, 0, twice, plain.length, plain.length);
        return twice;
    }

    private static InputStream pieces(byte[] bytes, int piece) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public int read(byte[] into, int from, int length) {
                return super.read(into, from, Math.min(length, piece));
            }
        };
    }
}
