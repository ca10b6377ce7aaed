package dev.forno.engine.images.records;

import io.avaje.jsonb.Json;
import java.util.List;

/**
 * A pull that was begun.
 *
 * @param begun when (ISO 8601)
 * @param contents the digests of all blobs and layers that it needs
 */
@Json
public record PullRecord(String begun, List<String> contents) {}
