package dev.forno.store.snapshots;

import dev.forno.linux.mounts.ErofsMount.Caching;
import dev.forno.linux.mounts.ErofsMount.Way;
import java.nio.file.Path;

class ErofsSnapshotterTest extends SnapshotterContract {
    @Override
    Snapshotter open(Path directory) {
        return ErofsSnapshotter.open(directory, Way.FILE, Caching.DIRECT, digest -> {});
    }
}
