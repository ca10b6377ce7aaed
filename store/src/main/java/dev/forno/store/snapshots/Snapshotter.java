package dev.forno.store.snapshots;

import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.store.places.Place;
import dev.forno.store.places.Remains;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Installed layers and the snapshots over them. Layers are independent of one another and keyed by diffID, so that
 * images share them. Thread-safe; what a call changed survives a crash, what it left unfinished is removed at the next
 * start. Every implementation passes the same contract suite.
 */
public interface Snapshotter extends AutoCloseable {
    /** The name by which users choose it and see it. */
    String name();

    /** How it works on this machine, and why not better. */
    default List<Fact> facts() {
        return List.of();
    }

    /**
     * Installs a layer from its uncompressed tar, which is read to its end. Nothing is visible until all is done. When
     * the layer is installed already, the existing one stays.
     *
     * @param diffId asked after the last byte was read; throws to refuse the layer
     * @throws dev.forno.oci.FornoException {@link ErrorKind#INVALID_ARGUMENT} for a malformed or hostile archive
     */
    Layer install(InputStream tar, Supplier<Digest> diffId);

    /** The installed layer, or empty. */
    Optional<Layer> layer(Digest diffId);

    /** All installed layers. */
    List<Layer> layers();

    /** Whether {@link #tar} has the file of every installed layer. */
    default boolean keepsTars() {
        return false;
    }

    /**
     * The file that holds the exact uncompressed tar of an installed layer, its digest being the diffID. Empty for what
     * is not installed, and when {@link #keepsTars} is false. It must not be changed; links to it keep it when the layer is removed.
     */
    default Optional<Path> tar(Digest diffId) {
        return Optional.empty();
    }

    /**
     * Takes a layer out of sight; throws {@link ErrorKind#FAILED_PRECONDITION} while a snapshot uses it. Empty when it isn't
     * there. Only garbage collection calls this.
     */
    Optional<Remains> detachLayer(Digest diffId);

    /** Removes a layer as {@link #detachLayer} does, with its files. Returns the bytes of these. */
    default long removeLayer(Digest diffId) {
        long size = layer(diffId).map(Layer::size).orElse(0L);
        detachLayer(diffId).ifPresent(Remains::discard);
        return size;
    }

    /** The merged indexes of images that there are; none where snapshots need none. */
    default List<MergedIndex> indexes() {
        return List.of();
    }

    /** Takes a merged index out of sight; empty when it isn't there, or an active snapshot uses it. */
    default Optional<Remains> detachIndex(MergedIndex index) {
        return Optional.empty();
    }

    /** Every layer, index, snapshot and unfinished thing, as it is now. */
    List<Place> places();

    /**
     * Does now what the first {@link #prepare} over these layers, all of them or others above them, would have to do: for
     * the end of a pull or build, so that the first container starts quickly. Idempotent.
     *
     * @param diffIds the layers of an image, lowest first
     * @throws dev.forno.oci.FornoException {@link ErrorKind#NOT_FOUND} for a layer that is not installed, and
     *     {@link ErrorKind#INVALID_ARGUMENT} for more layers than a container can be made of
     */
    default void index(List<Digest> diffIds) {}

    /**
     * Makes an active snapshot, not mounted yet.
     *
     * @param key its name, unique; letters, digits, {@code _}, {@code .} and {@code -}
     * @param diffIds its layers, lowest first; may be empty
     * @throws dev.forno.oci.FornoException {@link ErrorKind#ALREADY_EXISTS}, {@link ErrorKind#NOT_FOUND} for a layer
     *     that is not installed, or {@link ErrorKind#INVALID_ARGUMENT} for more layers than can be mounted
     */
    Snapshot prepare(String key, List<Digest> diffIds);

    /** The active snapshots, also those of earlier runs. */
    List<Snapshot> snapshots();

    /** Turns the writable tree of a snapshot into the installed layer {@code diffId}; the snapshot is gone afterwards. */
    Layer seal(Snapshot snapshot, Digest diffId);

    /**
     * Turns the changes of a snapshot into an installed layer in one pass; the snapshot is unmounted and gone afterwards.
     *
     * @param copy takes the layer's uncompressed tar too; not closed
     */
    Layer seal(Snapshot snapshot, OutputStream copy);

    /** Makes the changes of a snapshot an installed layer, as {@link #seal} does, and leaves the snapshot as it is. */
    Layer capture(Snapshot snapshot, OutputStream copy);

    /** The active snapshot of this key, also from an earlier run. */
    default Optional<Snapshot> snapshot(String key) {
        return snapshots().stream().filter(s -> s.key().equals(key)).findFirst();
    }

    /** Lets go of everything that no mounted snapshot needs; these stay mounted. Idempotent. */
    @Override
    default void close() {}
}
