package dev.forno.engine.images.records;

import io.avaje.jsonb.Json;

/**
 * One image of a name.
 *
 * @param image its id
 * @param packing the manifest and layers that belong to the name
 */
@Json
public record PlatformRecord(String image, Packing packing) {}
