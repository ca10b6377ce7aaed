package dev.forno.store.snapshots;

import dev.forno.oci.Digest;
import dev.forno.store.places.Place;
import dev.forno.store.places.Remains;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How layers are kept, and what a snapshot has below its own changes: all in which the snapshotters differ. Thread-safe.
 * {@link OverlaySnapshotter} sees to it that a layer is not removed while a snapshot over it is made or exists.
 */
interface Layering extends AutoCloseable {
    /** See {@link Snapshotter#name}. */
    String name();

    /** See {@link Snapshotter#facts}. */
    List<Fact> facts();

    /** See {@link Snapshotter#install}. */
    Layer install(InputStream tar, Supplier<Digest> diffId);

    /** Makes the changes of an unmounted snapshot, whose digest as a tar is known, a layer; takes the changes away from it. */
    Layer seal(SnapshotLayout snapshot, Digest diffId) throws IOException;

    /**
     * Makes the changes of a snapshot a layer and writes its tar to {@code copy} as well.
     *
     * @param last whether the snapshot has no use after this, so that its changes may be taken away from it
     */
    Layer capture(SnapshotLayout snapshot, OutputStream copy, boolean last) throws IOException;

    /** An installed layer. */
    Optional<Layer> find(Digest diffId);

    /** All installed layers, by digest. */
    List<Layer> list();

    /** Takes a layer that no snapshot uses out of sight; empty when it isn't there. */
    Optional<Remains> detach(Digest diffId);

    /** See {@link Snapshotter#places}: the layers and indexes. */
    List<Place> places();

    /** See {@link Snapshotter#indexes}. */
    default List<MergedIndex> indexes() {
        return List.of();
    }

    /** Takes the merged index of these layers, lowest first, out of sight; empty when it isn't there. */
    default Optional<Remains> detachIndex(List<Digest> diffIds) {
        return Optional.empty();
    }

    /** See {@link Snapshotter#keepsTars}. */
    boolean keepsTars();

    /** See {@link Snapshotter#tar}. */
    Optional<Path> tar(Digest diffId);

    /** See {@link Snapshotter#index}. */
    void index(List<Digest> diffIds);

    /** Gives the directories of a new snapshot what they need of its layers, lowest first, all of which are there. */
    void equip(SnapshotLayout snapshot, List<Digest> diffIds) throws IOException;

    /** Opens what lies below the snapshot's changes; an overlay mounted over it keeps it without this. */
    Lowers lowers(SnapshotLayout snapshot) throws IOException;

    /** The directories of {@link #lowers}, which need not be mounted. */
    List<Path> paths(SnapshotLayout snapshot) throws IOException;

    /** Lets go of what only serves to be quick; mounted snapshots stay mounted. */
    @Override
    void close();

    /** Directories that stay readable until this is closed. */
    interface Lowers extends AutoCloseable {
        /** Uppermost first, at least one. */
        List<Path> directories();

        @Override
        void close();
    }
}
