package dev.forno.store.snapshots;

import dev.forno.linux.mounts.ErofsMount.Caching;
import dev.forno.linux.mounts.ErofsMount.Way;
import java.nio.file.Path;

class LoopErofsSnapshotterTest extends SnapshotterContract {
    @Override
    Snapshotter open(Path directory) {
        return ErofsSnapshotter.open(directory, Way.LOOP, Caching.DIRECT, digest -> {});
    }
}
