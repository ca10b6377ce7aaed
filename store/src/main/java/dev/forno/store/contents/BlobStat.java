package dev.forno.store.contents;

import dev.forno.oci.Digest;
import java.time.Instant;

/**
 * What is known of a stored blob without reading it.
 *
 * @param digest the blob's name
 * @param size its length in bytes
 * @param stored when it became visible
 * @param linked whether a file outside the content store, such as an installed layer's, holds the same bytes: they are on
 *     the disk once, and the removal of one of both frees nothing
 */
public record BlobStat(Digest digest, long size, Instant stored, boolean linked) {}
