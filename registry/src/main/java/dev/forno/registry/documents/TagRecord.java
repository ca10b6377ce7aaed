package dev.forno.registry.documents;

import io.avaje.jsonb.Json;

/**
 * What a tag of the embedded registry names.
 *
 * @param digest the manifest's
 * @param checked when an upstream registry last confirmed it, in milliseconds since 1970; 0 for tags pushed here
 */
@Json
public record TagRecord(String digest, long checked) {}
