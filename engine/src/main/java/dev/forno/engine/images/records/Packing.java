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
 * @param made whether the manifest was made here, or by whoever saved an archive, so that a push may replace it to send
 *     compressed layers; one from a registry or an OCI layout is kept as it is
 */
@Json
public record Packing(Descriptor manifest, List<Descriptor> layers, boolean made) {}
