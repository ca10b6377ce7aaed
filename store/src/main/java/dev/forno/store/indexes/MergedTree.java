package dev.forno.store.indexes;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.ArrayList;
import java.util.List;

/**
 * Several layers as the one tree that an overlay of them would show: whiteouts and opaque directories applied, files
 * replaced by directories and the other way round, directories that a layer only implies with the attributes of the
 * uppermost layer that describes them. Immutable, thread-safe.
 */
public final class MergedTree {
    private static final int MAX_DEVICES = 0xFFFF;

    private final MergedNode root;
    private final List<Device> devices;
    private final int entries;

    private MergedTree(MergedNode root, List<Device> devices, int entries) {
        this.root = root;
        this.devices = devices;
        this.entries = entries;
    }

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
        return merge(layers, false);
    }

    /**
     * One layer as a lower directory of an overlay, above others: whiteouts are character devices 0/0, opaque directories have
     * the attribute {@code trusted.overlay.opaque}.
     */
    public static MergedTree overlay(LayerTree layer) {
        return merge(List.of(layer), true);
    }

    private static MergedTree merge(Iterable<LayerTree> layers, boolean marks) {
        MergedNode root = new MergedNode(Node.directory(0), 0);
        List<Device> all = new ArrayList<>();
        int layer = 0;
        for (LayerTree tree : layers) {
            new Merge(layer, marks).apply(tree.node(), root);
            if (tree.describesRoot()) {
                root.attributes = tree.node();
            }
            all.add(new Device(layer, false, tree.tarBytes()));
            all.add(new Device(layer, true, tree.extraBytes()));
            layer++;
        }
        Survey survey = new Survey(all.size());
        survey.visit(root);
        List<Device> used = all.stream()
                .filter(device -> survey.uses(device.layer(), device.extra()))
                .toList();
        if (survey.entries > TreeBounds.MAX_ENTRIES || used.size() > MAX_DEVICES) {
            throw new FornoException(
                    ErrorKind.RESOURCE_EXHAUSTED,
                    "index image: it has " + survey.entries + " files in " + layer + " layers, the limit is "
                            + TreeBounds.MAX_ENTRIES + " files, which grows with the engine's heap, and " + MAX_DEVICES
                            + " layers");
        }
        return new MergedTree(root, used, survey.entries);
    }

    /** Counts names and links, and finds out which layers are still pointed to. */
    private static final class Survey {
        private final boolean[] used;
        private int entries;

        Survey(int devices) {
            this.used = new boolean[devices];
        }

        void visit(MergedNode directory) {
            directory.links = 2;
            for (MergedNode child : directory.children.values()) {
                entries++;
                if (child.isDirectory()) {
                    directory.links++;
                    visit(child);
                } else {
                    child.links++;
                    for (Extent extent : child.file.extents()) {
                        used[child.layer * 2 + (extent.extra() ? 1 : 0)] = true;
                    }
                }
            }
        }

        boolean uses(int layer, boolean extra) {
            return used[layer * 2 + (extra ? 1 : 0)];
        }
    }

    MergedNode node() {
        return root;
    }

    /**
     * The files that {@link ErofsIndex} points into, in the order in which a mount must name them. Layers of which no
     * byte is seen are not among them.
     */
    public List<Device> devices() {
        return devices;
    }

    /** The names in the tree, the root not counted. */
    public int entries() {
        return entries;
    }

    /** The root: the attributes of the uppermost layer that describes it, else mode 0755 of root's at time zero. */
    public LayerEntry root() {
        return LayerTree.entry(root.attributes, "", 0);
    }
}
