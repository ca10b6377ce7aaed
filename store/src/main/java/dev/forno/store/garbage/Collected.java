package dev.forno.store.garbage;

import dev.forno.oci.Digest;
import java.util.List;

/**
 * What a collection removed.
 *
 * @param blobs the removed blobs
 * @param layers the diffIDs of the removed layers
 * @param bytes the disk space that was freed
 */
public record Collected(List<Digest> blobs, List<Digest> layers, long bytes) {}
