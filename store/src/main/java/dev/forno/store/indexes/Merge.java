package dev.forno.store.indexes;

import java.util.HashMap;
import java.util.Map;

/** Puts one layer over what is merged so far, as overlayfs shows it. */
final class Merge {
    private static final String OPAQUE = "trusted.overlay.opaque";
    private static final byte[] YES = {'y'};

    private final int layer;
    private final boolean marks;

    /** The files of this layer by what they come from, so that hard links stay links. */
    private final Map<Node, MergedNode> files = new HashMap<>();

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
                case FILE, SYMLINK, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO ->
                    directory.children.put(name, files.computeIfAbsent(child, node -> new MergedNode(node, layer)));
            }
        }
    }

    private void directory(Node child, byte[] name, MergedNode parent) {
        MergedNode below = parent.children.get(name);
        boolean over = below != null && below.isDirectory();
        MergedNode merged = over && !child.opaque ? below : new MergedNode(child, layer);
        if (over && child.implied) {
            merged.attributes = below.attributes;
        } else {
            merged.attributes = marks && child.opaque ? child.withXattr(OPAQUE, YES) : child;
        }
        parent.children.put(name, merged);
        apply(child, merged);
    }
}
