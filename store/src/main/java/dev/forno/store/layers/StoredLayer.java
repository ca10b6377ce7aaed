package dev.forno.store.layers;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;

/**
 * A layer that is both a blob and installed.
 *
 * @param diffId the digest of the uncompressed tar
 * @param blob the compressed blob in the content store
 * @param size the bytes of the installed files
 * @param empty whether the tar has no entry: nothing was changed
 */
public record StoredLayer(Digest diffId, Descriptor blob, long size, boolean empty) {}
