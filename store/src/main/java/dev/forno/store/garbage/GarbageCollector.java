package dev.forno.store.garbage;

import java.util.function.Predicate;
import java.util.function.Supplier;

/** Removes what nothing reaches. Thread-safe; one collection runs at a time. */
public interface GarbageCollector {
    /**
     * Removes every blob that is neither in {@code roots} nor protected by a lease, every layer that is neither in
     * {@code roots}, nor used by an active snapshot, nor protected, every merged index that no image and no active snapshot
     * needs, and transfers that broke off a day ago. The roots are asked for when leases are already frozen, so that work
     * which finished just before is seen: pass a supplier that reads the database.
     */
    Collected collect(Supplier<Roots> roots);

    /**
     * What {@link #collect} would remove with these roots; nothing is changed.
     *
     * @param goneSnapshot active snapshots that count as removed, by key
     */
    Collected preview(Supplier<Roots> roots, Predicate<String> goneSnapshot);
}
