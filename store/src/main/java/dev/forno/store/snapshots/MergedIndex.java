package dev.forno.store.snapshots;

import dev.forno.oci.Digest;
import java.nio.file.Path;
import java.util.List;

/**
 * What makes several layers one directory: kept for every image, and made again when it is missing.
 *
 * @param layers the diffIDs of what is merged, lowest first
 */
public record MergedIndex(List<Digest> layers, Path path) {
    /** Copies the list. */
    public MergedIndex {
        layers = List.copyOf(layers);
    }

    /** Whether a snapshot or image of these layers, lowest first, has this below its others. */
    public boolean isBelow(List<Digest> chain) {
        return layers.size() <= chain.size() && chain.subList(0, layers.size()).equals(layers);
    }
}
