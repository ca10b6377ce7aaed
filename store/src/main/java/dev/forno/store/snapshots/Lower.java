package dev.forno.store.snapshots;

import dev.forno.oci.Digest;
import java.util.List;

/**
 * A directory below a snapshot's changes: an image's layers merged, or a single layer with its whiteouts, above others.
 *
 * @param name its name as a file: of the chain id of merged layers, with {@code over-} of the diffID of a single one
 * @param layers lowest first, at least one
 */
record Lower(String name, List<Digest> layers) {
    private static final String OVER = "over-";

    static Lower merged(List<Digest> diffIds) {
        return new Lower(LayerDirectories.name(ChainIds.of(diffIds)), List.copyOf(diffIds));
    }

    static Lower over(Digest diffId) {
        return new Lower(OVER + LayerDirectories.name(diffId), List.of(diffId));
    }

    boolean isMerged() {
        return !name.startsWith(OVER);
    }
}
