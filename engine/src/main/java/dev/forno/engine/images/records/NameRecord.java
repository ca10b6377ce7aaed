package dev.forno.engine.images.records;

import dev.forno.oci.Descriptor;
import io.avaje.jsonb.Json;

/**
 * A name in the metadata, kept under its complete reference.
 *
 * @param image the id of the image
 * @param target what the name stands for at its registry: the image's manifest, or the index that led to it
 * @param packing the manifest and layers that belong to the name: what a push sends
 */
@Json
public record NameRecord(String image, Descriptor target, Packing packing) {}
