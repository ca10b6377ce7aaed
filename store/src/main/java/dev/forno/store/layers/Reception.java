package dev.forno.store.layers;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.contents.ContentStore;
import dev.forno.store.contents.Ingest;
import dev.forno.store.failures.Failures;
import dev.forno.store.snapshots.Layer;
import dev.forno.store.snapshots.Snapshotter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A blob that arrives and whose layer is installed meanwhile. This thread brings the bytes; another follows them. The
 * blob is verified first, which lets the follower come to its end; then the layer, by its diffID; then both appear.
 */
final class Reception {
    private final ContentStore content;
    private final Snapshotter snapshotter;
    private final Inflow inflow;
    private final Descriptor blob;
    private final Digest digest;
    private final Digest diffId;

    Reception(ContentStore content, Snapshotter snapshotter, Inflow inflow, Descriptor blob, Digest diffId) {
        this.content = content;
        this.snapshotter = snapshotter;
        this.inflow = inflow;
        this.blob = blob;
        this.digest = blob.contentDigest();
        this.diffId = diffId;
    }

    Layer run(Layers.Arrival arrival) {
        return attempt(arrival, false).or(() -> attempt(arrival, true)).orElseThrow();
    }

    /** The layer, or empty when the bytes turned out to be wrong and another attempt is to be made. */
    private Optional<Layer> attempt(Layers.Arrival arrival, boolean last) {
        try (Ingest ingest = content.ingest(blob.digest())) {
            if (last || ingest.offset() > blob.size()) {
                ingest.truncate();
            }
            try (Running<Layer> installation = begin(ingest)) {
                try {
                    arrival.fetch(sink(ingest, installation));
                    if (!isVerified(ingest, last)) {
                        return Optional.empty();
                    }
                    arrival.verified();
                    Layer layer = installation.await();
                    publish(ingest);
                    return Optional.of(layer);
                } catch (FornoException e) {
                    // Bytes that make no layer are of no use; those for which the disk was too small are.
                    if (installation.failure().filter(f -> !isFull(f)).isPresent()) {
                        ingest.abort();
                    }
                    throw e;
                }
            }
        }
    }

    private Running<Layer> begin(Ingest ingest) {
        Optional<Layer> there = snapshotter.layer(diffId);
        if (there.isPresent()) {
            return Running.done(there.get());
        }
        InputStream bytes = ingest.follow(); // now, since the ingest may be closed before the other thread runs
        return Running.start("install layer", () -> inflow.install(bytes, blob, diffId));
    }

    private static Layers.BlobSink sink(Ingest ingest, Running<Layer> installation) {
        return new Layers.BlobSink() {
            @Override
            public long offset() {
                return ingest.offset();
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                installation.failure().filter(e -> !mayBeDamage(e)).ifPresent(e -> {
                    throw e;
                });
                ingest.write(bytes, from, length);
            }
        };
    }

    /** Such a failure may come from bytes that arrived wrong: their digest tells, which needs all of them. */
    private static boolean mayBeDamage(FornoException e) {
        return e.kind() == ErrorKind.DATA_LOSS
                || e.kind() == ErrorKind.INVALID_ARGUMENT
                || e.kind() == ErrorKind.NOT_IMPLEMENTED;
    }

    private boolean isVerified(Ingest ingest, boolean last) {
        try {
            ingest.verify(digest, blob.size());
            return true;
        } catch (FornoException e) {
            if (!last && e.kind() == ErrorKind.DATA_LOSS) {
                return false;
            }
            throw e;
        }
    }

    /** A blob that is a plain tar shares the layer's file. */
    private void publish(Ingest ingest) {
        Optional<Path> file = digest.equals(diffId) ? snapshotter.tar(diffId) : Optional.empty();
        if (file.isPresent()) {
            content.link(file.get(), digest);
            ingest.abort();
        } else {
            ingest.commit(digest, blob.size());
        }
    }

    private static boolean isFull(FornoException e) {
        return e.getCause() instanceof IOException cause && Failures.isFull(cause);
    }
}
