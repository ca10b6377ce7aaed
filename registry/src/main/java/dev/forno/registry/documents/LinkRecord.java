package dev.forno.registry.documents;

import io.avaje.jsonb.Json;

/**
 * A blob that a repository of the embedded registry holds.
 *
 * @param size in bytes
 * @param linked when it was last pushed or mounted there, in seconds since 1970; 0 when what used it was deleted
 */
@Json
public record LinkRecord(long size, long linked) {}
