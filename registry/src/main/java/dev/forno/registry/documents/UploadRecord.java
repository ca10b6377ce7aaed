package dev.forno.registry.documents;

import io.avaje.jsonb.Json;

/**
 * An upload to the embedded registry that was begun.
 *
 * @param repository where its blob goes
 * @param started in seconds since 1970
 */
@Json
public record UploadRecord(String repository, long started) {}
