package dev.forno.engine.images.records;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image in the metadata.
 *
 * @param id the digest of its configuration
 * @param manifest its manifest, whose bytes are in the content store like the configuration's
 * @param layers the layers' blobs, lowest first
 * @param diffIds the layers' uncompressed digests, lowest first
 * @param parent the id of the image it was built from here, or null
 * @param tagged when it last got a name (ISO 8601), or null
 */
@Json
public record ImageRecord(
        String id,
        Descriptor manifest,
        List<Descriptor> layers,
        List<String> diffIds,
        @Nullable String parent,
        @Nullable String tagged) {

    /** The id, parsed. */
    public Digest digest() {
        return Digest.parse(id);
    }

    /** The same with another time of naming. */
    public ImageRecord withTagged(String time) {
        return new ImageRecord(id, manifest, layers, diffIds, parent, time);
    }

    /** The same with another parent. */
    public ImageRecord withParent(@Nullable String newParent) {
        return new ImageRecord(id, manifest, layers, diffIds, newParent, tagged);
    }
}
