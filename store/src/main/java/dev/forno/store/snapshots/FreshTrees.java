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
    /** An entry takes about 300 bytes. */
    private static final int MAX_ENTRIES = 100_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Digest, LayerTree> trees = new LinkedHashMap<>();
    private long entries;

    void keep(Digest diffId, LayerTree tree) {
        lock.lock();
        try {
            forget(diffId);
            if (tree.entries() <= MAX_ENTRIES) {
                trees.put(diffId, tree);
                entries += tree.entries();
                Iterator<LayerTree> oldest = trees.values().iterator();
                while (entries > MAX_ENTRIES) {
                    entries -= oldest.next().entries();
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
        entries -= tree == null ? 0 : tree.entries();
        return tree;
    }
}
