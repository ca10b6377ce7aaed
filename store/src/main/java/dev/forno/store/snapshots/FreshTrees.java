package dev.forno.store.snapshots;

import dev.forno.oci.Digest;
import dev.forno.store.indexes.LayerTree;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Trees of layers that were installed just now, for the index of their image, which is made next and needs them once. Small
 * enough to be forgotten when that doesn't come about. Thread-safe.
 */
final class FreshTrees {
    private static final long MAX_WEIGHT =
            Math.min(30_000_000, Runtime.getRuntime().maxMemory() / 8);

    private final long limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Digest, LayerTree> trees = new LinkedHashMap<>();
    private long weight;

    FreshTrees() {
        this(MAX_WEIGHT);
    }

    /** Keeps to this {@link LayerTree#weight} in all. */
    FreshTrees(long limit) {
        this.limit = limit;
    }

    void keep(Digest diffId, LayerTree tree) {
        lock.lock();
        try {
            forget(diffId);
            if (tree.weight() <= limit) {
                trees.put(diffId, tree);
                weight += tree.weight();
                Iterator<LayerTree> oldest = trees.values().iterator();
                while (weight > limit) {
                    weight -= oldest.next().weight();
                    oldest.remove();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** The tree, if it is still there; it isn't afterwards. */
    Optional<LayerTree> take(Digest diffId) {
        lock.lock();
        try {
            return Optional.ofNullable(forget(diffId));
        } finally {
            lock.unlock();
        }
    }

    private @Nullable LayerTree forget(Digest diffId) {
        LayerTree tree = trees.remove(diffId);
        weight -= tree == null ? 0 : tree.weight();
        return tree;
    }
}
