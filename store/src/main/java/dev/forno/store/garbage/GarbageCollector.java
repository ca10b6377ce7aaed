package dev.forno.store.garbage;

/** Removes blobs and layers that nothing reaches. Thread-safe; one collection runs at a time. */
public interface GarbageCollector {
    /**
     * Removes every blob that is neither in {@code roots} nor protected by a lease, and every layer that is neither in
     * {@code roots}, nor used by an active snapshot, nor protected. The roots are asked for when leases are already
     * frozen, so that work which finished just before is seen: pass a supplier that reads the database.
     */
    Collected collect(java.util.function.Supplier<Roots> roots);
}
