package dev.forno.store;

import dev.forno.store.contents.ContentStore;
import dev.forno.store.garbage.GarbageCollector;
import dev.forno.store.layers.Layers;
import dev.forno.store.leases.Leases;
import dev.forno.store.records.Database;
import dev.forno.store.snapshots.Snapshotter;

/** The parts of one store. Close it last, after everything that works with it. */
public interface Store extends AutoCloseable {
    /** Blobs by digest. */
    ContentStore content();

    /** Metadata. */
    Database database();

    /** Installed layers and active snapshots. */
    Snapshotter snapshotter();

    /** From blobs to layers and back. */
    Layers layers();

    /** Protection of work in flight. */
    Leases leases();

    /** Removal of what nothing reaches. */
    GarbageCollector garbage();

    /** Closes the database and releases the directory; mounted snapshots stay mounted. Idempotent. */
    @Override
    void close();
}
