package dev.forno.store.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.MediaTypes;
import dev.forno.store.failures.Failures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Layers of tars that are stored here, and the blobs that are made of them. */
class StoredLayersTest extends LayersFixture {
    @Test
    void aPlainTarIsStoredOnceAsLayerAndBlob() {
        byte[] tar = tar(300_000);
        StoredLayer stored = layers.store(new ByteArrayInputStream(tar));
        assertEquals(Digest.of(tar), stored.diffId());
        assertEquals(Descriptor.of(MediaTypes.OCI_LAYER, Digest.of(tar), tar.length), stored.blob());
        assertFalse(stored.empty());
        assertTrue(content.stat(Digest.of(tar)).orElseThrow().linked());
        assertArrayEquals(tar, content.readAll(Digest.of(tar), 1 << 20));
        assertTrue(layers.store(new ByteArrayInputStream(new byte[1024])).empty());
    }

    @Test
    void tarsOfAllSizesHaveTheirDigests() {
        int block = 1 << 18;
        for (int size : new int[] {0, 1, block - 2048, block - 1024, block, 2 * block, 9 * block + 7, 40 * block}) {
            byte[] tar = tar(size);
            StoredLayer stored = layers.store(new ByteArrayInputStream(tar));
            assertEquals(Digest.of(tar), stored.diffId());
            assertEquals(tar.length, stored.blob().size());
        }
    }

    @Test
    void theNextTarMayBeReadWhileALayerIsFinished() throws Exception {
        byte[] first = tar(3_000_000);
        byte[] second = tar(1000);
        CountDownLatch finish = new CountDownLatch(1);
        snapshotter.after = length -> {
            if (length == first.length) {
                await(finish);
            }
        };
        try (Running<StoredLayer> storing = layers.begin(new ByteArrayInputStream(first), false)) {
            assertFalse(storing.isDone());
            assertEquals(
                    Digest.of(second),
                    layers.store(new ByteArrayInputStream(second)).diffId());
            assertFalse(storing.isDone());
            finish.countDown();
            assertEquals(Digest.of(first), storing.await().diffId());
        }
        assertTrue(content.stat(Digest.of(first)).isPresent());
    }

    @Test
    void aLayerThatIsNotAwaitedIsNotKept() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        snapshotter.after = length -> await(never);
        layers.begin(new ByteArrayInputStream(tar(1000)), false).close();
        assertNothingIsKept();
    }

    @Test
    void whatIsWrongWithATarShowsWhenItIsAwaited() throws Exception {
        byte[] cut = Arrays.copyOf(tar(3_000_000), 2_000_000);
        try (Running<StoredLayer> storing = layers.begin(new ByteArrayInputStream(cut), false)) {
            assertKind(ErrorKind.INVALID_ARGUMENT, storing::await);
        }
        assertNothingIsKept();
    }

    /** Whoever reads on in the stream that the tar is a part of would read from the midst of it. */
    @Test
    void aLayerThatFailsInTheMidstOfItsTarHasEnded() throws Exception {
        for (boolean keepsTars : new boolean[] {true, false}) {
            use(keepsTars);
            CountDownLatch given = new CountDownLatch(1);
            snapshotter.before = () -> {
                await(given);
                throw new FornoException(ErrorKind.RESOURCE_EXHAUSTED, "no space left");
            };
            InputStream unending =
                    new SequenceInputStream(new ByteArrayInputStream(tar(1_000_000)), new Pause(given::countDown));
            try (Running<StoredLayer> storing = layers.begin(unending, false)) {
                assertTrue(storing.isDone());
                assertEquals(
                        ErrorKind.RESOURCE_EXHAUSTED,
                        storing.failure().orElseThrow().kind());
            }
        }
    }

    /** Of which nothing comes until whoever waits for it is interrupted. */
    private static final class Pause extends InputStream {
        private final Runnable reached;

        Pause(Runnable reached) {
            this.reached = reached;
        }

        @Override
        public int read() throws IOException {
            reached.run();
            try {
                new CountDownLatch(1).await();
                throw new AssertionError("it never opens");
            } catch (InterruptedException e) {
                throw new InterruptedIOException("interrupted");
            }
        }

        @Override
        public int read(byte[] bytes, int from, int count) throws IOException {
            return read();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw Failures.cancelled("wait");
        }
    }

    @Test
    void aPlainTarIsCompressedWhereNoTarIsKept() throws Exception {
        use(false);
        byte[] tar = tar(300_000);
        StoredLayer stored = layers.store(new ByteArrayInputStream(tar));
        assertEquals(Digest.of(tar), stored.diffId());
        assertEquals(MediaTypes.OCI_LAYER_GZIP, stored.blob().mediaType());
        assertNotEquals(stored.diffId(), stored.blob().contentDigest());
        try (var in = new GZIPInputStream(content.read(stored.blob().contentDigest()))) {
            assertArrayEquals(tar, in.readAllBytes());
        }
    }

    @Test
    void aPlainTarCanStayAsItIsWithoutTars() throws Exception {
        use(false);
        byte[] tar = tar(300_000);
        try (Running<StoredLayer> storing = layers.begin(new ByteArrayInputStream(tar), true)) {
            StoredLayer stored = storing.await();
            assertEquals(Descriptor.of(MediaTypes.OCI_LAYER, Digest.of(tar), tar.length), stored.blob());
            assertEquals(stored.blob().contentDigest(), stored.diffId());
        }
        assertArrayEquals(tar, content.readAll(Digest.of(tar), 1 << 20));
        assertTrue(snapshotter.layer(Digest.of(tar)).isPresent());
        Descriptor zipped = layers.compress(Digest.of(tar));
        try (var in = new GZIPInputStream(content.read(zipped.contentDigest()))) {
            assertArrayEquals(tar, in.readAllBytes());
        }
    }

    @Test
    void aCompressedTarStaysAsItIs() {
        byte[] tar = tar(300_000);
        byte[] tail = Arrays.copyOf(gzip(tar), gzip(tar).length + 100);
        for (byte[] bytes : new byte[][] {gzip(tar), Zstd.compress(tar), tail}) {
            StoredLayer stored = layers.store(new ByteArrayInputStream(bytes));
            assertEquals(Digest.of(tar), stored.diffId());
            assertEquals(Digest.of(bytes), stored.blob().contentDigest());
            assertArrayEquals(bytes, content.readAll(Digest.of(bytes), 1 << 20));
        }
        FornoException e = assertKind(
                ErrorKind.INVALID_ARGUMENT,
                () -> layers.store(new ByteArrayInputStream(Arrays.copyOf(gzip(tar), 3000))));
        assertTrue(e.getMessage().contains("damaged"), e.getMessage());
    }

    @Test
    void compressionIsRemembered() throws Exception {
        byte[] tar = tar(900_000);
        Digest diffId = layers.store(new ByteArrayInputStream(tar)).diffId();
        Descriptor compressed = layers.compress(diffId);
        assertEquals(MediaTypes.OCI_LAYER_GZIP, compressed.mediaType());
        try (var in = new GZIPInputStream(content.read(compressed.contentDigest()))) {
            assertArrayEquals(tar, in.readAllBytes());
        }
        Instant made = content.stat(compressed.contentDigest()).orElseThrow().stored();
        assertEquals(compressed, layers.compress(diffId));
        assertEquals(
                made, content.stat(compressed.contentDigest()).orElseThrow().stored());
        content.delete(compressed.contentDigest());
        assertEquals(compressed, layers.compress(diffId), "made again, of the same bytes");
        assertTrue(content.stat(compressed.contentDigest()).isPresent());
        snapshotter.removeLayer(diffId);
        assertEquals(compressed, layers.compress(diffId));
        assertKind(ErrorKind.NOT_FOUND, () -> layers.compress(Digest.of(new byte[3])));
    }
}
