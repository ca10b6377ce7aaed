package dev.forno.store.snapshots;

import java.nio.file.Path;
import java.util.List;

/**
 * The directories of a snapshot, for users to see.
 *
 * @param lowers what its changes lie over, uppermost first; may be mounted only while it is needed
 * @param upper its changes
 * @param work the overlay file system's own
 * @param merged where the whole is mounted
 */
public record SnapshotPaths(List<Path> lowers, Path upper, Path work, Path merged) {
    /** Copies the list. */
    public SnapshotPaths {
        lowers = List.copyOf(lowers);
    }
}
