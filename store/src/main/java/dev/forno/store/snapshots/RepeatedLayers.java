package dev.forno.store.snapshots;

import dev.forno.oci.Digest;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * An image may have a layer more than once: two steps of a build made the same one. Overlayfs doesn't take a directory
 * twice, and need not: all that the lower one shows or hides the upper one shows or hides too, at the same paths and above
 * whatever is between them.
 */
final class RepeatedLayers {
    private RepeatedLayers() {}

    /** The uppermost of each layer, in the order of these. */
    static List<Digest> uppermost(Collection<Digest> lowestFirst) {
        LinkedHashSet<Digest> uppermost = new LinkedHashSet<>();
        lowestFirst.forEach(uppermost::addLast); // moves one that is there already to the end
        return List.copyOf(uppermost);
    }
}
