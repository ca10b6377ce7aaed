package dev.forno.store.layers;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.store.snapshots.Layer;
import dev.forno.store.snapshots.Snapshot;
import java.io.InputStream;

/**
 * Turns layer blobs into installed layers and snapshots into layer blobs. Thread-safe: layers are installed
 * concurrently, one layer only once however many ask for it. Failures are {@link dev.forno.oci.FornoException}s:
 * {@link ErrorKind#DATA_LOSS} when content doesn't match its digest, {@link ErrorKind#INVALID_ARGUMENT} for a malformed
 * archive, {@link ErrorKind#RESOURCE_EXHAUSTED} for a full disk.
 */
public interface Layers {
    /**
     * Installs the layer of a stored blob: decompresses (gzip, zstd or plain, told by its first bytes), applies, verifies
     * the diffID. Returns at once when it is installed already.
     *
     * @param blob the blob in the content store
     * @param diffId the digest of the uncompressed tar, from the image's configuration
     */
    Layer add(Descriptor blob, Digest diffId);

    /**
     * Stores a blob and installs its layer in one pass, while the bytes arrive: another thread follows them, decompresses,
     * verifies the diffID and installs. Bytes that an earlier, broken off call had received are not asked for again; should
     * the bytes turn out to be wrong, all of them are asked for once more. Neither blob nor layer becomes visible before both are
     * verified. Returns at once when both are there. A blob is for one caller at a time.
     *
     * @param blob its size and digest are verified
     * @param diffId the digest of the uncompressed tar, from the image's configuration
     */
    Layer receive(Descriptor blob, Digest diffId, Arrival arrival);

    /** Where the bytes of a blob come from. */
    interface Arrival {
        /** Brings the bytes from the sink's offset on; called a second time when what came the first time was wrong. */
        void fetch(BlobSink sink);

        /** All bytes are there and have the right digest; the layer is not installed yet. */
        default void verified() {}
    }

    /** Takes a blob's bytes in their order. */
    interface BlobSink {
        /** How many are here already. */
        long offset();

        /** Appends bytes; throws what made it pointless to go on, such as {@link ErrorKind#RESOURCE_EXHAUSTED}. */
        void write(byte[] bytes, int from, int length);
    }

    /**
     * Stores a tar as a new layer in one pass: hashed, installed and made a blob. A compressed one (gzip or zstd, told by its
     * first bytes) is kept as it is. A plain one becomes a plain blob where the snapshotter keeps tars, the layer's file
     * being the blob's, else it is compressed by gzip. For import.
     *
     * @param tar read to its end, not closed
     */
    default StoredLayer store(InputStream tar) {
        try (Running<StoredLayer> storing = begin(tar, false)) {
            return storing.await();
        }
    }

    /**
     * Begins to {@link #store} and returns when the tar has been read to its end, or that has failed. What is left, above all to
     * wait for the disk, goes on meanwhile; the caller awaits it, or closes it. Damage of the tar shows only then. Where storing
     * failed before the end of the tar, it has ended with a {@link Running#failure}, and the tar stays where it was left.
     *
     * @param tar not used any more when this returns, and not closed
     * @param asItIs whether a plain tar becomes a plain blob in any case, since its digest stands in a manifest
     */
    Running<StoredLayer> begin(InputStream tar, boolean asItIs);

    /**
     * Makes the changes of an active snapshot a layer and its writable tree the installed tree, without extracting it
     * again. The snapshot is unmounted and gone afterwards. For build steps.
     */
    StoredLayer commit(Snapshot snapshot);

    /** Makes the changes of an active snapshot a layer and leaves the snapshot as it is. For a container's commit. */
    StoredLayer export(Snapshot snapshot);

    /**
     * The blob of an installed layer compressed by gzip, for an exchange. Made once: as long as the blob is stored, it is
     * given again. The bytes depend on the layer and on the machine's library alone. The caller holds a lease.
     *
     * @throws dev.forno.oci.FornoException {@link ErrorKind#NOT_FOUND} when neither tar nor blob of the layer is here
     */
    Descriptor compress(Digest diffId);
}
