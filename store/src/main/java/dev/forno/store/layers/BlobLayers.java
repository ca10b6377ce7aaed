package dev.forno.store.layers;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.contents.BlobStat;
import dev.forno.store.contents.ContentStore;
import dev.forno.store.contents.Ingest;
import dev.forno.store.snapshots.Layer;
import dev.forno.store.snapshots.Snapshot;
import dev.forno.store.snapshots.Snapshotter;
import dev.forno.store.workers.Workers;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.zip.ZipException;

/** Layers between a content store and a snapshotter. */
public final class BlobLayers implements Layers {
    /** The largest layer, uncompressed, in bytes: far above real ones, far below what a decompression bomb claims. */
    private static final long MAX_LAYER_BYTES = 1L << 39;

    private static final int BUFFER = 1 << 17;

    private final ContentStore content;
    private final Snapshotter snapshotter;
    private final long maxLayerBytes;
    private final ConcurrentHashMap<Digest, ReentrantLock> installing = new ConcurrentHashMap<>();

    /** Layers of this content in this snapshotter. */
    public BlobLayers(ContentStore content, Snapshotter snapshotter) {
        this(content, snapshotter, MAX_LAYER_BYTES);
    }

    BlobLayers(ContentStore content, Snapshotter snapshotter, long maxLayerBytes) {
        this.content = content;
        this.snapshotter = snapshotter;
        this.maxLayerBytes = maxLayerBytes;
    }

    @Override
    public Layer add(Descriptor blob, Digest diffId) {
        Optional<Layer> there = snapshotter.layer(diffId);
        if (there.isPresent()) {
            return there.get();
        }
        ReentrantLock lock = installing.computeIfAbsent(diffId, d -> new ReentrantLock());
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            throw dev.forno.store.failures.Failures.cancelled("install layer " + diffId);
        }
        try {
            Optional<Layer> installed = snapshotter.layer(diffId);
            return installed.isPresent()
                    ? installed.get()
                    : Workers.run("install layer " + diffId, () -> install(blob, diffId));
        } finally {
            lock.unlock();
            if (!lock.hasQueuedThreads()) {
                installing.remove(diffId, lock); // a late comer takes a new lock and finds the layer installed
            }
        }
    }

    private Layer install(Descriptor blob, Digest diffId) throws IOException {
        Digest digest = blob.contentDigest();
        try (InputStream compressed = new BufferedInputStream(content.read(digest), BUFFER);
                InputStream plain = Compression.decompress(compressed)) {
            HashingInput tar = new HashingInput(
                    new BoundedInput(plain, maxLayerBytes),
                    diffId.newAccumulator(),
                    diffId.algorithm(),
                    OutputStream.nullOutputStream());
            return snapshotter.install(tar, () -> verify(tar.digest(), diffId, digest));
        } catch (FornoException e) {
            throw e.getCause() instanceof IOException cause && isDamage(cause) ? damaged(digest, cause) : e;
        } catch (IOException e) {
            if (isDamage(e)) {
                throw damaged(digest, e);
            }
            throw e;
        }
    }

    private static Digest verify(Digest actual, Digest expected, Digest blob) {
        if (!actual.equals(expected)) {
            throw new FornoException(
                    ErrorKind.DATA_LOSS,
                    "install layer of blob " + blob + ": its content has the digest " + actual + ", but the image says "
                            + expected);
        }
        return actual;
    }

    private static boolean isDamage(IOException e) {
        return e instanceof ZipException
                || e instanceof java.io.EOFException
                || e instanceof com.github.luben.zstd.ZstdIOException;
    }

    private static FornoException unreadable(IOException cause) {
        return new FornoException(
                ErrorKind.INVALID_ARGUMENT,
                "store layer: its compressed data is damaged: " + cause.getMessage(),
                cause);
    }

    private static FornoException damaged(Digest blob, IOException cause) {
        return new FornoException(
                ErrorKind.DATA_LOSS,
                "decompress blob " + blob + ": its compressed data is damaged: " + cause.getMessage(),
                cause);
    }

    @Override
    public StoredLayer store(InputStream in) {
        return Workers.run("store layer", () -> storeNow(in));
    }

    private StoredLayer storeNow(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, BUFFER);
        Compression compression = Compression.detect(buffered);
        try (Ingest ingest = content.ingest()) {
            return compression == Compression.NONE ? compress(buffered, ingest) : keep(buffered, compression, ingest);
        } catch (FornoException e) {
            throw e.getCause() instanceof IOException cause && isDamage(cause) ? unreadable(cause) : e;
        } catch (IOException e) {
            throw isDamage(e) ? unreadable(e) : dev.forno.store.failures.Failures.of("store layer", e);
        }
    }

    private StoredLayer compress(InputStream plain, Ingest ingest) throws IOException {
        GzipWriter gzip = new GzipWriter(new BufferedOutputStream(ingest.stream(), BUFFER));
        HashingInput tar = tar(plain, gzip);
        Layer layer = snapshotter.install(tar, tar::digest);
        gzip.finish();
        return stored(layer, ingest.commit(), Compression.GZIP, tar.count() <= EMPTY_TAR);
    }

    /** What comes compressed stays byte for byte what it is. */
    private StoredLayer keep(InputStream in, Compression compression, Ingest ingest) throws IOException {
        InputStream copied = new BufferedInputStream(
                new HashingInput(in, Digest.newSha256(), Digest.SHA256, ingest.stream()), BUFFER);
        HashingInput tar = tar(compression.open(copied), OutputStream.nullOutputStream());
        Layer layer = snapshotter.install(tar, () -> {
            try {
                copied.transferTo(OutputStream.nullOutputStream()); // what may follow the compressed data
            } catch (IOException e) {
                throw dev.forno.store.failures.Failures.of("store layer", e);
            }
            return tar.digest();
        });
        return stored(layer, ingest.commit(), compression, tar.count() <= EMPTY_TAR);
    }

    private HashingInput tar(InputStream plain, OutputStream copy) {
        return new HashingInput(new BoundedInput(plain, maxLayerBytes), Digest.newSha256(), Digest.SHA256, copy);
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
        try (Ingest ingest = content.ingest()) {
            GzipWriter gzip = new GzipWriter(new BufferedOutputStream(ingest.stream(), BUFFER));
            HashingOutput tar = new HashingOutput(gzip);
            Layer layer = capture.apply(tar);
            gzip.finish();
            return stored(layer, ingest.commit(), Compression.GZIP, tar.count() <= EMPTY_TAR);
        }
    }

    /** An archive without entries is its end mark of two blocks. */
    private static final int EMPTY_TAR = 1024;

    private static StoredLayer stored(Layer layer, BlobStat blob, Compression compression, boolean empty) {
        Descriptor descriptor = Descriptor.of(compression.mediaType(), blob.digest(), blob.size());
        return new StoredLayer(layer.diffId(), descriptor, layer.size(), empty);
    }
}
