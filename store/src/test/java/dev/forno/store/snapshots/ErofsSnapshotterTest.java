package dev.forno.store.snapshots;

import dev.forno.linux.mounts.ErofsMount.Way;

class ErofsSnapshotterTest extends ErofsContract {
    @Override
    Way way() {
        return Way.FILE;
    }
}
