package dev.forno.store.indexes;

import dev.forno.store.archives.WhiteoutNames;
import java.util.HashMap;
import java.util.Map;

/** Puts one layer over what is merged so far, as overlayfs shows it. */
final class Merge {
    private final int layer;
    private final boolean marks;

    /** The files of this layer that have several names, so that hard links stay links. */
    private final Map<Node, MergedNode> linked = new HashMap<>();

    /**
     * A merge of one layer.
     *
     * @param marks whether whiteouts and opaque directories become what overlayfs takes for them, rather than being applied
     */
    Merge(int layer, boolean marks) {
        this.layer = layer;
        this.marks = marks;
    }

    /** Applies what {@code upper} holds to the directory. */
    void apply(Node upper, MergedNode directory) {
        for (Map.Entry<byte[], Node> entry : upper.children.entrySet()) {
            byte[] name = entry.getKey();
            Node child = entry.getValue();
            switch (child.kind) {
                case WHITEOUT -> {
                    directory.children.remove(name);
                    if (marks) {
                        directory.children.put(name, new MergedNode(Node.of(EntryKind.CHARACTER_DEVICE), layer));
                    }
                }
                case DIRECTORY -> directory(child, name, directory);
                case FILE, SYMLINK, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO -> directory.children.put(name, file(child));
            }
        }
    }

    private MergedNode file(Node node) {
        return node.names == 1
                ? new MergedNode(node, layer)
                : linked.computeIfAbsent(node, n -> new MergedNode(n, layer));
    }

    private void directory(Node child, byte[] name, MergedNode parent) {
        MergedNode below = parent.children.get(name);
        if (below == null || !below.isDirectory()) {
            MergedNode merged = new MergedNode(child, layer);
            merged.attributes = attributes(child);
            parent.children.put(name, merged);
            apply(child, merged);
            return;
        }
        MergedNode merged = child.opaque ? new MergedNode(child, layer) : below;
        merged.attributes = child.implied ? below.attributes : attributes(child);
        parent.children.put(name, merged);
        apply(child, merged);
    }

    private Node attributes(Node directory) {
        return marks && directory.opaque
                ? directory.withXattr(WhiteoutNames.OPAQUE_ATTRIBUTE, WhiteoutNames.yes())
                : directory;
    }
}
