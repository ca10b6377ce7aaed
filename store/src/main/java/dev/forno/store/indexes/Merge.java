package dev.forno.store.indexes;

import java.util.HashMap;
import java.util.Map;

/** Puts one layer over what is merged so far, as overlayfs shows it. */
final class Merge {
    private final int layer;

    /** The files of this layer by what they come from, so that hard links stay links. */
    private final Map<Node, MergedNode> files = new HashMap<>();

    Merge(int layer) {
        this.layer = layer;
    }

    /** Applies what {@code upper} holds to the directory. */
    void apply(Node upper, MergedNode directory) {
        for (Map.Entry<byte[], Node> entry : upper.children.entrySet()) {
            byte[] name = entry.getKey();
            Node child = entry.getValue();
            switch (child.kind) {
                case WHITEOUT -> directory.children.remove(name);
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
            merged.attributes = child;
        }
        parent.children.put(name, merged);
        apply(child, merged);
    }
}
