package dev.forno.store.contents;

import dev.forno.oci.Digest;
import java.time.Instant;

/**
 * What is known of a stored blob without reading it.
 *
 * @param digest the blob's name
 * @param size its length in bytes
 * @param stored when it became visible
 */
public record BlobStat(Digest digest, long size, Instant stored) {}
