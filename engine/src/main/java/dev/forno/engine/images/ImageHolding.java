package dev.forno.engine.images;

import dev.forno.oci.Digest;
import java.util.List;
import java.util.Set;

/**
 * What one image holds on the disk.
 *
 * @param name its first name, or its short id
 * @param layers the diffIDs of its layers, lowest first
 */
public record ImageHolding(Digest id, String name, Set<Digest> blobs, List<Digest> layers) {
    /** Copies the collections. */
    public ImageHolding {
        blobs = Set.copyOf(blobs);
        layers = List.copyOf(layers);
    }
}
