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
 * @param packing its first manifest and layers; names may stand for others
 * @param diffIds the layers' uncompressed digests, lowest first
 * @param parent the id of the image it was built from here, or null
 * @param tagged when it last got a name (ISO 8601), or null
 */
@Json
public record ImageRecord(
        String id,
        Packing packing,
        List<String> diffIds,
        @Nullable String parent,
        @Nullable String tagged) {

    /** The id, parsed. */
    public Digest digest() {
        return Digest.parse(id);
    }

    /** The manifest of its packing. */
    public Descriptor manifest() {
        return packing.manifest();
    }

    /** The layers of its packing. */
    public List<Descriptor> layers() {
        return packing.layers();
    }

    /** The same in another packing. */
    public ImageRecord withPacking(Packing other) {
        return new ImageRecord(id, other, diffIds, parent, tagged);
    }

    /** The same with another time of naming. */
    public ImageRecord withTagged(String time) {
        return new ImageRecord(id, packing, diffIds, parent, time);
    }

    /** The same with another parent. */
    public ImageRecord withParent(@Nullable String newParent) {
        return new ImageRecord(id, packing, diffIds, newParent, tagged);
    }
}
