package dev.forno.registry.documents;

import io.avaje.jsonb.Json;

/**
 * A manifest or blob that the embedded registry fetched from another registry, and could fetch again.
 *
 * @param size in bytes
 * @param used when somebody last asked for it, in seconds since 1970; up to a collection's interval late
 */
@Json
public record CopyRecord(long size, long used) {}
