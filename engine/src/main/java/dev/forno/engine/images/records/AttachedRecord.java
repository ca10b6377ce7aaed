package dev.forno.engine.images.records;

import dev.forno.oci.Descriptor;
import io.avaje.jsonb.Json;
import java.util.List;

/**
 * A manifest that an index holds about an image, as an attestation of how it was built.
 *
 * @param manifest the manifest, as the index describes it
 * @param blobs its configuration and layers, which no container ever sees; all of them are in the content store
 */
@Json
public record AttachedRecord(Descriptor manifest, List<Descriptor> blobs) {}
