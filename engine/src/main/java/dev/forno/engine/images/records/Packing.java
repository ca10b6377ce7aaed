package dev.forno.engine.images.records;

import dev.forno.oci.Descriptor;
import io.avaje.jsonb.Json;
import java.util.List;

/**
 * How an image is packed for exchange: the same configuration may come with several manifests, whose layers are
 * compressed differently. All these blobs are in the content store.
 *
 * @param manifest the manifest
 * @param layers the layers' blobs, lowest first
 */
@Json
public record Packing(Descriptor manifest, List<Descriptor> layers) {}
