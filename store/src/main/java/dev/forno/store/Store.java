package dev.forno.store;

import dev.forno.store.contents.ContentStore;
import dev.forno.store.garbage.GarbageCollector;
import dev.forno.store.layers.Layers;
import dev.forno.store.leases.Leases;
import dev.forno.store.places.Place;
import dev.forno.store.records.Database;
import dev.forno.store.snapshots.Snapshotter;
import dev.forno.store.snapshots.SnapshotterChoice;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** The parts of one store. Close it last, after everything that works with it. */
public interface Store extends AutoCloseable {
    /**
     * Opens the store in a directory, or makes it when it isn't there, and removes what a crash left unfinished. Only one
     * open store may use a directory.
     *
     * @param clock for the age of what is left
     * @throws dev.forno.oci.FornoException {@code FAILED_PRECONDITION} when another engine uses it or a newer version
     *     wrote it, {@code DATA_LOSS} when its metadata is damaged
     */
    static Store open(Path root, InstantSource clock) {
        return open(root, clock, SnapshotterChoice.AUTO);
    }

    /**
     * {@link #open(Path, InstantSource)} with the choice of a snapshotter.
     *
     * @throws dev.forno.oci.FornoException {@code FAILED_PRECONDITION} also when layers are there that another snapshotter
     *     keeps, {@code UNAVAILABLE} when the machine can't do what is chosen
     */
    static Store open(Path root, InstantSource clock, SnapshotterChoice choice) {
        return DirectoryStore.open(root, clock, choice);
    }

    /** Whether a store is in a directory. */
    static boolean isIn(Path root) {
        return DirectoryStore.isIn(root);
    }

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

    /** Every file and directory of the store and what it is for, as it is now. */
    List<Place> places();

    /** Closes the database and releases the directory; mounted snapshots stay mounted, nothing else. Idempotent. */
    @Override
    void close();
}
