package dev.forno.store.layers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.contents.Ingest;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Layers whose blobs come from elsewhere. */
class ReceivedLayersTest extends LayersFixture {
    @Test
    void aBlobIsReceivedAndInstalledInOnePass() throws Exception {
        byte[] tar = tar(3_000_000);
        for (byte[] bytes : new byte[][] {gzip(tar), Zstd.compress(tar), tar}) {
            Descriptor blob = blob(bytes);
            snapshotter.removeLayer(Digest.of(tar));
            assertEquals(
                    Digest.of(tar),
                    layers.receive(blob, Digest.of(tar), bringing(bytes)).diffId());
            assertArrayEquals(bytes, content.readAll(blob.contentDigest(), 10 << 20));
            assertTrue(snapshotter.layer(Digest.of(tar)).isPresent());
        }
        try (var left = Files.list(directory.resolve("ingests"))) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void theLayerIsReadWhileTheBlobArrives() {
        byte[] tar = tar(100_000);
        byte[] bytes = gzip(tar);
        CountDownLatch reading = new CountDownLatch(1);
        snapshotter.before = reading::countDown;
        layers.receive(blob(bytes), Digest.of(tar), sink -> {
            bring(bytes, sink, 5000);
            try {
                reading.await(); // for ever, if the blob had to be complete
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            assertEquals(Optional.empty(), content.stat(Digest.of(bytes)));
            bring(bytes, sink, bytes.length);
        });
        assertTrue(content.stat(Digest.of(bytes)).isPresent());
    }

    @Test
    void aPlainBlobAndItsLayerAreOneFile() {
        byte[] tar = tar(100_000);
        layers.receive(blob(tar), Digest.of(tar), bringing(tar));
        assertTrue(content.stat(Digest.of(tar)).orElseThrow().linked());
        content.delete(Digest.of(tar));
        layers.receive(blob(tar), Digest.of(tar), sink -> {
            throw new AssertionError("the layer's file is the blob");
        });
        assertTrue(content.stat(Digest.of(tar)).orElseThrow().linked());
    }

    @Test
    void nothingIsFetchedThatIsHere() {
        byte[] tar = tar(1000);
        byte[] bytes = gzip(tar);
        layers.receive(blob(bytes), Digest.of(tar), bringing(bytes));
        Layers.Arrival never = sink -> {
            throw new AssertionError();
        };
        layers.receive(blob(bytes), Digest.of(tar), never);
        snapshotter.removeLayer(Digest.of(tar));
        layers.receive(blob(bytes), Digest.of(tar), never);
        assertTrue(snapshotter.layer(Digest.of(tar)).isPresent());
    }

    @Test
    void aBrokenDownloadIsResumed() {
        byte[] tar = tar(200_000);
        byte[] bytes = gzip(tar);
        for (int until : new int[] {30_000, 60_000, bytes.length - 1, bytes.length}) {
            assertKind(
                    ErrorKind.UNAVAILABLE,
                    () -> layers.receive(blob(bytes), Digest.of(tar), sink -> {
                        bring(bytes, sink, until);
                        throw new FornoException(ErrorKind.UNAVAILABLE, "the connection broke");
                    }));
            assertEquals(Optional.empty(), snapshotter.layer(Digest.of(tar)));
        }
        layers.receive(blob(bytes), Digest.of(tar), sink -> assertEquals(bytes.length, sink.offset()));
        assertTrue(snapshotter.layer(Digest.of(tar)).isPresent());
        assertTrue(content.stat(Digest.of(bytes)).isPresent());
    }

    @Test
    void bytesThatAnEarlierAttemptLeftDamagedAreFetchedAgain() {
        byte[] tar = tar(200_000);
        byte[] bytes = gzip(tar);
        byte[] damaged = bytes.clone();
        damaged[5000] ^= 1;
        try (Ingest ingest = content.ingest(Digest.of(bytes).toString())) {
            ingest.write(damaged, 0, 50_000);
        }
        layers.receive(blob(bytes), Digest.of(tar), bringing(bytes));
        assertArrayEquals(bytes, content.readAll(Digest.of(bytes), 1 << 20));
        assertTrue(snapshotter.layer(Digest.of(tar)).isPresent());
    }

    @Test
    void wrongBytesAreFetchedOnceMore() {
        byte[] tar = tar(200_000);
        byte[] bytes = gzip(tar);
        byte[] damaged = bytes.clone();
        damaged[100_000] ^= 1;
        java.util.concurrent.atomic.AtomicInteger calls = new java.util.concurrent.atomic.AtomicInteger();
        layers.receive(blob(bytes), Digest.of(tar), sink -> {
            assertEquals(0, sink.offset());
            bring(calls.getAndIncrement() == 0 ? damaged : bytes, sink, bytes.length);
        });
        assertEquals(2, calls.get());
        assertArrayEquals(bytes, content.readAll(Digest.of(bytes), 1 << 20));
    }

    @Test
    void wrongBytesAreNeverKept() throws Exception {
        byte[] tar = tar(200_000);
        byte[] bytes = gzip(tar);
        for (int at : new int[] {0, 20, 100_000, bytes.length - 5}) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 1;
            FornoException e = assertKind(
                    ErrorKind.DATA_LOSS, () -> layers.receive(blob(bytes), Digest.of(tar), bringing(damaged)));
            assertTrue(e.getMessage().contains(Digest.of(bytes).toString()), e.getMessage());
            assertNothingIsKept();
        }
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertKind(ErrorKind.DATA_LOSS, () -> layers.receive(blob(bytes), Digest.of(tar), bringing(longer)));
        assertNothingIsKept();
    }

    @Test
    void aBlobThatIsNotTheImagesLayerIsNotKept() throws Exception {
        byte[] bytes = gzip(tar(1000));
        Digest other = Digest.of("other".getBytes(UTF_8));
        FornoException e = assertKind(ErrorKind.DATA_LOSS, () -> layers.receive(blob(bytes), other, bringing(bytes)));
        assertTrue(e.getMessage().contains("but the image says " + other), e.getMessage());
        assertNothingIsKept();
        for (byte[] broken : new byte[][] {
            Arrays.copyOf(bytes, bytes.length - 9),
            "no tar".getBytes(UTF_8),
            gzip("neither a tar, but long enough for a header block of five hundred and twelve bytes"
                    .repeat(9)
                    .getBytes(UTF_8))
        }) {
            assertThrows(FornoException.class, () -> layers.receive(blob(broken), other, bringing(broken)));
            assertNothingIsKept();
        }
    }

    @Test
    void aBombIsStoppedByItsSize() throws Exception {
        byte[] zeros = new byte[15 << 20];
        byte[] bomb = Zstd.compress(zeros);
        assertTrue(bomb.length < zeros.length / 2000, "smaller than gzip can make it");
        FornoException e = assertKind(
                ErrorKind.RESOURCE_EXHAUSTED, () -> layers.receive(blob(bomb), Digest.of(zeros), bringing(bomb)));
        assertTrue(e.getMessage().contains("more than " + (10 << 20) + " bytes when decompressed"), e.getMessage());
        assertNothingIsKept();
        byte[] fair = gzip(zeros);
        layers.receive(blob(fair), Digest.of(zeros), bringing(fair));
    }

    @Test
    void aBombIsStopped() throws Exception {
        byte[] bomb = gzip(new byte[30 << 20]);
        FornoException e = assertKind(
                ErrorKind.RESOURCE_EXHAUSTED,
                () -> layers.receive(blob(bomb), Digest.of(new byte[30 << 20]), bringing(bomb)));
        assertTrue(e.getMessage().contains("when decompressed"), e.getMessage());
        assertNothingIsKept();
    }

    @Test
    void aCancelledDownloadStopsTheInstallation() throws Exception {
        byte[] tar = tar(200_000);
        byte[] bytes = gzip(tar);
        Thread thread = Thread.currentThread();
        assertKind(
                ErrorKind.CANCELLED,
                () -> layers.receive(blob(bytes), Digest.of(tar), sink -> {
                    bring(bytes, sink, 100_000);
                    thread.interrupt();
                    throw new FornoException(ErrorKind.CANCELLED, "cancelled");
                }));
        assertTrue(Thread.interrupted());
        assertEquals(java.util.List.of(), snapshotter.layers());
        layers.receive(blob(bytes), Digest.of(tar), sink -> {
            assertEquals(100_000, sink.offset());
            bring(bytes, sink, bytes.length);
        });
    }
}
