package dev.forno.store.indexes;

import java.util.List;

/**
 * Several layers as the one tree that an overlay of them would show: whiteouts and opaque directories applied, files
 * replaced by directories and the other way round, directories that a layer only implies with the attributes of the
 * uppermost layer that describes them. Immutable, thread-safe.
 */
public final class MergedTree {
    private MergedTree() {}

    /**
     * A file whose blocks the tree points to.
     *
     * @param layer the index of the layer in the list that was merged
     * @param extra whether it is the layer's extra file, else its tar
     * @param bytes its length
     */
    public record Device(int layer, boolean extra, long bytes) {}

    /**
     * Merges layers.
     *
     * @param layers lowest first; each is taken when its turn comes, so that not all need be in memory. May be empty
     * @throws dev.forno.oci.FornoException {@code RESOURCE_EXHAUSTED} when the tree is too large for an index
     */
    public static MergedTree of(Iterable<LayerTree> layers) {
        return Pending.of();
    }

    /**
     * The files that {@link ErofsIndex} points into, in the order in which a mount must name them. Layers of which no
     * byte is seen are not among them.
     */
    public List<Device> devices() {
        return Pending.of();
    }

    /** The names in the tree, the root not counted. */
    public int entries() {
        return Pending.<Integer>of();
    }

    /** The root: the attributes of the uppermost layer that describes it, else mode 0755 of root's at time zero. */
    public LayerEntry root() {
        return Pending.of();
    }
}
