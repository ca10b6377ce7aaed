package dev.forno.linux.compression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;

/** What every implementation must do with pieces of all kinds: the JDK inflates what they make together. */
abstract class DeflationContract {
    abstract Deflation deflation();

    private static byte[] inflate(byte[] raw) throws IOException {
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(raw), new Inflater(true))) {
            return in.readAllBytes();
        }
    }

    private byte[] deflate(byte[] plain, int piece) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at == 0 || at < plain.length; at += piece) {
            int size = Math.min(piece, plain.length - at);
            byte[] before = Arrays.copyOfRange(plain, Math.max(0, at - Deflation.WINDOW), at);
            out.write(deflation()
                    .deflate(Arrays.copyOfRange(plain, at, at + size), size, before, at + piece >= plain.length));
        }
        return out.toByteArray();
    }

    @Test
    void piecesMakeOneStream() throws Exception {
        Random random = new Random(11);
        for (int size : new int[] {0, 1, 5, 1000, 32_768, 65_536, 300_000, 1_200_000}) {
            byte[] noise = new byte[size];
            random.nextBytes(noise);
            byte[] text = new byte[size];
            for (int i = 0; i < size; i++) {
                text[i] = (byte) ("a layer of many words ".charAt(i % 22) + random.nextInt(7) / 6);
            }
            for (byte[] plain : new byte[][] {noise, text, new byte[size]}) {
                for (int piece : new int[] {1 << 18, 100_000}) {
                    assertArrayEquals(plain, inflate(deflate(plain, piece)), size + " in pieces of " + piece);
                }
            }
        }
    }

    @Test
    void theEndOfThePieceBeforeIsReferredTo() throws Exception {
        byte[] plain = new byte[60_000];
        new Random(12).nextBytes(plain);
        System.arraycopy(plain, 0, plain, 30_000, 30_000);
        assertTrue(deflate(plain, 30_000).length < 40_000);
        assertArrayEquals(plain, inflate(deflate(plain, 30_000)));
    }

    @Test
    void theSameBytesEveryTime() throws Exception {
        byte[] plain = new byte[200_000];
        new Random(13).nextBytes(plain);
        Arrays.fill(plain, 50_000, 120_000, (byte) 'x');
        assertArrayEquals(deflate(plain, 70_000), deflate(plain, 70_000));
    }
}
