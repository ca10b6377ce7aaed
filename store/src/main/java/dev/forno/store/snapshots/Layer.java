package dev.forno.store.snapshots;

import dev.forno.oci.Digest;

/**
 * An installed layer.
 *
 * @param diffId the digest of its uncompressed tar, its identity
 * @param size the bytes of its files
 */
public record Layer(Digest diffId, long size) {}
