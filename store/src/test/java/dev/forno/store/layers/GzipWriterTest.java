package dev.forno.store.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class GzipWriterTest {
    private static byte[] zip(byte[] plain, int piece) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        GzipWriter gzip = new GzipWriter(out);
        for (int at = 0; at < plain.length; at += piece) {
            gzip.write(plain, at, Math.min(piece, plain.length - at));
        }
        gzip.finish();
        gzip.finish();
        return out.toByteArray();
    }

    @Test
    void everySizeComesBack() throws Exception {
        Random random = new Random(5);
        for (int size : new int[] {0, 1, 262_143, 262_144, 262_145, 524_288, 3_000_000}) {
            byte[] plain = new byte[size];
            random.nextBytes(plain);
            Arrays.fill(plain, size / 3, size / 2, (byte) 'z');
            byte[] zipped = zip(plain, 70_001);
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
                assertArrayEquals(plain, in.readAllBytes(), size + " bytes");
            }
            assertArrayEquals(zipped, zip(plain, 333_333), "however it is written");
        }
    }
}
