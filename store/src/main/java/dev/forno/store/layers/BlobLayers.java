package dev.forno.store.layers;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.contents.BlobStat;
import dev.forno.store.contents.ContentStore;
import dev.forno.store.contents.Ingest;
import dev.forno.store.failures.Failures;
import dev.forno.store.records.RecordTable;
import dev.forno.store.snapshots.Layer;
import dev.forno.store.snapshots.Snapshot;
import dev.forno.store.snapshots.Snapshotter;
import dev.forno.store.streams.CopyingInput;
import dev.forno.store.workers.Workers;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/** Layers between a content store and a snapshotter. */
public final class BlobLayers implements Layers {
    /** The largest layer, uncompressed, in bytes: far above real ones, far below what a decompression bomb claims. */
    private static final long MAX_LAYER_BYTES = 1L << 39;

    /** What may become of a small blob: zstd makes half a megabyte of so many zeros. */
    private static final long SMALL_LAYER_BYTES = 16L << 30;

    private static final int BUFFER = 1 << 17;

    /** An archive without entries is its end mark of two blocks. */
    private static final int EMPTY_TAR = 1024;

    private final ContentStore content;
    private final Snapshotter snapshotter;
    private final CompressedLayers compressed;
    private final long maxLayerBytes;
    private final Inflow inflow;
    private final ConcurrentHashMap<Digest, ReentrantLock> working = new ConcurrentHashMap<>();

    /**
     * Layers of this content in this snapshotter.
     *
     * @param compressed remembers which compressed blobs were made of which layers
     */
    public BlobLayers(ContentStore content, Snapshotter snapshotter, RecordTable compressed) {
        this(content, snapshotter, compressed, MAX_LAYER_BYTES, SMALL_LAYER_BYTES);
    }

    BlobLayers(
            ContentStore content,
            Snapshotter snapshotter,
            RecordTable compressed,
            long maxLayerBytes,
            long smallLayerBytes) {
        this.content = content;
        this.snapshotter = snapshotter;
        this.compressed = new CompressedLayers(content, snapshotter, compressed);
        this.maxLayerBytes = maxLayerBytes;
        this.inflow = new Inflow(snapshotter, maxLayerBytes, smallLayerBytes);
    }

    @Override
    public Layer add(Descriptor blob, Digest diffId) {
        return once(diffId, "install layer " + diffId, () -> snapshotter.layer(diffId), () -> {
            return inflow.install(content.read(blob.contentDigest()), blob, diffId);
        });
    }

    @Override
    public Layer receive(Descriptor blob, Digest diffId, Arrival arrival) {
        Digest digest = blob.contentDigest();
        if (digest.equals(diffId)) {
            snapshotter.tar(diffId).ifPresent(file -> content.link(file, digest));
        }
        return content.stat(digest).isPresent()
                ? add(blob, diffId)
                : new Reception(content, snapshotter, inflow, blob, diffId).run(arrival);
    }

    @Override
    public Descriptor compress(Digest diffId) {
        return once(diffId, "compress layer " + diffId, () -> compressed.find(diffId), () -> compressed.make(diffId));
    }

    /** Looks for a result; if it is missing makes it, on a platform thread, while others of the same layer wait. */
    private <T> T once(Digest diffId, String step, Supplier<Optional<T>> find, Callable<T> make) {
        Optional<T> there = find.get();
        if (there.isPresent()) {
            return there.get();
        }
        ReentrantLock lock = working.computeIfAbsent(diffId, d -> new ReentrantLock());
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            throw Failures.cancelled(step);
        }
        try {
            Optional<T> made = find.get();
            return made.isPresent() ? made.get() : Workers.run(step, make);
        } finally {
            lock.unlock();
            if (!lock.hasQueuedThreads()) {
                working.remove(diffId, lock); // a late comer takes a new lock and finds the result
            }
        }
    }

    @Override
    public Running<StoredLayer> begin(InputStream in, boolean asItIs) {
        CountDownLatch read = new CountDownLatch(1);
        Callable<StoredLayer> work = () -> {
            try {
                return store(new BufferedInputStream(in, BUFFER), asItIs, read);
            } catch (IOException | FornoException e) {
                throw Damage.ofForeign(e);
            }
        };
        Running<StoredLayer> storing = Running.start("store layer", work, read::countDown);
        try {
            read.await();
            return storing;
        } catch (InterruptedException e) {
            storing.close();
            throw Failures.cancelled("store layer");
        }
    }

    /** Tells when nothing more is read. */
    private StoredLayer store(InputStream in, boolean asItIs, CountDownLatch read) throws IOException {
        Compression compression = Compression.detect(in);
        if (compression != Compression.NONE) {
            return kept(in, compression);
        }
        if (snapshotter.keepsTars()) {
            return plain(in, read);
        }
        return asItIs ? copied(in) : zipped(in);
    }

    private StoredLayer plain(InputStream in, CountDownLatch read) throws IOException {
        try (TarStream tar = TarStream.of(in, maxLayerBytes, read::countDown)) {
            return linked(snapshotter.install(tar.in(), tar::digest));
        }
    }

    /** Where the installed layer is no tar, a plain blob is a copy beside it. */
    private StoredLayer copied(InputStream in) throws IOException {
        try (TarStream tar = TarStream.of(in, maxLayerBytes, () -> {});
                Ingest ingest = content.ingest()) {
            Layer layer = snapshotter.install(new CopyingInput(tar.in(), ingest.stream()), tar::digest);
            BlobStat blob = ingest.commit(layer.diffId(), tar.count());
            return stored(layer, blob, Compression.NONE, tar.count() <= EMPTY_TAR);
        }
    }

    private StoredLayer zipped(InputStream in) throws IOException {
        try (TarStream tar = TarStream.of(in, maxLayerBytes, () -> {});
                Ingest ingest = content.ingest()) {
            GzipWriter gzip = new GzipWriter(new BufferedOutputStream(ingest.stream(), BUFFER));
            Layer layer = snapshotter.install(new CopyingInput(tar.in(), gzip), tar::digest);
            gzip.finish();
            return stored(layer, ingest.commit(), Compression.GZIP, tar.count() <= EMPTY_TAR);
        }
    }

    /** What comes compressed stays byte for byte what it is. */
    private StoredLayer kept(InputStream in, Compression compression) throws IOException {
        try (Ingest ingest = content.ingest();
                InputStream copied = new BufferedInputStream(new CopyingInput(in, ingest.stream()), BUFFER);
                InputStream plain = compression.open(copied);
                TarStream tar = TarStream.of(plain, maxLayerBytes, () -> {})) {
            Layer layer = snapshotter.install(tar.in(), () -> {
                try {
                    copied.transferTo(OutputStream.nullOutputStream()); // what may follow the compressed data
                } catch (IOException e) {
                    throw Failures.of("store layer", e);
                }
                return tar.digest();
            });
            return stored(layer, ingest.commit(), compression, tar.count() <= EMPTY_TAR);
        }
    }

    @Override
    public StoredLayer commit(Snapshot snapshot) {
        return Workers.run("commit snapshot " + snapshot.key(), () -> {
            snapshot.unmount();
            return capture(copy -> snapshotter.seal(snapshot, copy));
        });
    }

    @Override
    public StoredLayer export(Snapshot snapshot) {
        return Workers.run(
                "export snapshot " + snapshot.key(), () -> capture(copy -> snapshotter.capture(snapshot, copy)));
    }

    private StoredLayer capture(Function<OutputStream, Layer> capture) throws IOException {
        if (snapshotter.keepsTars()) {
            return linked(capture.apply(OutputStream.nullOutputStream()));
        }
        try (Ingest ingest = content.ingest()) {
            GzipWriter gzip = new GzipWriter(new BufferedOutputStream(ingest.stream(), BUFFER));
            HashingOutput tar = new HashingOutput(gzip);
            Layer layer = capture.apply(tar);
            gzip.finish();
            return stored(layer, ingest.commit(), Compression.GZIP, tar.count() <= EMPTY_TAR);
        }
    }

    /** The layer's own file as its blob. */
    private StoredLayer linked(Layer layer) throws IOException {
        Digest diffId = layer.diffId();
        Path file = snapshotter
                .tar(diffId)
                .orElseThrow(() -> new FornoException(
                        ErrorKind.INTERNAL, "store layer " + diffId + ": removed by someone else meanwhile"));
        BlobStat blob = content.link(file, diffId);
        return stored(layer, blob, Compression.NONE, Files.size(file) <= EMPTY_TAR);
    }

    private static StoredLayer stored(Layer layer, BlobStat blob, Compression compression, boolean empty) {
        Descriptor descriptor = Descriptor.of(compression.mediaType(), blob.digest(), blob.size());
        return new StoredLayer(layer.diffId(), descriptor, layer.size(), empty);
    }
}
