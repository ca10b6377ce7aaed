package dev.forno.store.snapshots;

import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * An active snapshot: a writable tree over installed layers. It survives the engine, mounted or not, until
 * {@link #remove}. Thread-safe.
 */
public interface Snapshot {
    /** The name it was prepared under. */
    String key();

    /** The diffIDs of its layers, lowest first. */
    List<Digest> layers();

    /** Where it lies, mounted or not. */
    SnapshotPaths paths();

    /** The layers of a snapshot that may be removed this very moment, and needs none then. */
    default List<Digest> layersIfThere() {
        try {
            return layers();
        } catch (FornoException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return List.of();
            }
            throw e;
        }
    }

    /** Mounts the whole file system if it isn't mounted, and returns its directory. Idempotent. */
    Path mount();

    /** Unmounts; processes that use it keep it until they end. Idempotent. The changes stay. */
    void unmount();

    /** What differs from the layers, ordered by path, each parent directory before what is in it. */
    List<Change> changes();

    /** The bytes that the changed files occupy. */
    long usage();

    /** Writes the changes as an uncompressed layer tar: same changes, same bytes. The stream is flushed, not closed. */
    void writeDiff(OutputStream out);

    /** Unmounts and discards the changes. Idempotent. */
    void remove();
}
