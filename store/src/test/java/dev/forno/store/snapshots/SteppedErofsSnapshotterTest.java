package dev.forno.store.snapshots;

import dev.forno.linux.mounts.ErofsMount.Caching;
import dev.forno.linux.mounts.ErofsMount.Way;
import java.nio.file.Path;

/** The contract with every layer above the lowest as a directory of its own, as steps of a build have it. */
class SteppedErofsSnapshotterTest extends SnapshotterContract {
    @Override
    Snapshotter open(Path directory) {
        return new IndexedBase(ErofsSnapshotter.open(directory, Way.FILE, Caching.DIRECT, digest -> {}));
    }
}
