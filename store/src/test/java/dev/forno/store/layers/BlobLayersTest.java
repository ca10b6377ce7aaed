package dev.forno.store.layers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.MediaTypes;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarWriter;
import dev.forno.store.contents.ContentStore;
import dev.forno.store.contents.Ingest;
import dev.forno.store.contents.LayoutContentStore;
import dev.forno.store.failures.Failures;
import dev.forno.store.records.Database;
import dev.forno.store.records.SqliteDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobLayersTest {
    @TempDir
    Path directory;

    private ContentStore content;
    private Database database;
    private TarSnapshotter snapshotter;
    private BlobLayers layers;

    @BeforeEach
    void open() throws IOException {
        content = LayoutContentStore.open(
                directory.resolve("content"), directory.resolve("ingests"), digest -> {}, InstantSource.system());
        database = SqliteDatabase.open(directory.resolve("metadata.db"));
        use(true);
    }

    private void use(boolean keepsTars) throws IOException {
        snapshotter = new TarSnapshotter(Files.createDirectories(directory.resolve("layers")), keepsTars);
        layers = new BlobLayers(content, snapshotter, database.table("compressed"), 20 << 20, 10 << 20);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static byte[] tar(int size) {
        try {
            byte[] noise = new byte[size];
            new Random(size).nextBytes(noise);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            TarWriter tar = new TarWriter(out);
            tar.add(TarEntry.directory("etc", 0755, Instant.EPOCH));
            tar.add(TarEntry.file("etc/noise", 0644, size, Instant.EPOCH), new ByteArrayInputStream(noise));
            tar.finish();
            return out.toByteArray();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    private static Descriptor blob(byte[] bytes) {
        return Descriptor.of(MediaTypes.OCI_LAYER_GZIP, Digest.of(bytes), bytes.length);
    }

    /** Brings bytes in pieces, as often as asked. */
    private static Layers.Arrival bringing(byte[] bytes) {
        return sink -> bring(bytes, sink, bytes.length);
    }

    private static void bring(byte[] bytes, Layers.BlobSink sink, int until) {
        while (sink.offset() < until) {
            int n = (int) Math.min(10_000, until - sink.offset());
            sink.write(bytes, (int) sink.offset(), n);
        }
    }

    private static FornoException assertKind(ErrorKind kind, org.junit.jupiter.api.function.Executable action) {
        FornoException e = assertThrows(FornoException.class, action);
        assertEquals(kind, e.kind(), e.getMessage());
        return e;
    }

    private void assertNothingIsKept() throws IOException {
        assertEquals(java.util.List.of(), content.list());
        assertEquals(java.util.List.of(), snapshotter.layers());
        try (var left = Files.list(directory.resolve("ingests"))) {
            assertEquals(0, left.count());
        }
    }

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
