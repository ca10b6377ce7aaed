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
     * Stores a tar as a new layer in one pass: hashed, installed and made a blob. A compressed one (gzip or zstd, told by its
     * first bytes) is kept as it is, a plain one is compressed by gzip. For import and for load.
     *
     * @param tar read to its end, not closed
     */
    StoredLayer store(InputStream tar);

    /**
     * Makes the changes of an active snapshot a layer and its writable tree the installed tree, without extracting it
     * again. The snapshot is unmounted and gone afterwards. For build steps.
     */
    StoredLayer commit(Snapshot snapshot);

    /** Makes the changes of an active snapshot a layer and leaves the snapshot as it is. For a container's commit. */
    StoredLayer export(Snapshot snapshot);
}
