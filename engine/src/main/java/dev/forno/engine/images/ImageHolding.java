package dev.forno.engine.images;

import dev.forno.oci.Digest;
import java.util.Set;

/**
 * What one image holds on the disk.
 *
 * @param name its first name, or its short id
 * @param used whether a container was made from it
 */
public record ImageHolding(Digest id, String name, boolean used, Set<Digest> blobs, Set<Digest> layers) {
    /** Copies the sets. */
    public ImageHolding {
        blobs = Set.copyOf(blobs);
        layers = Set.copyOf(layers);
    }
}
