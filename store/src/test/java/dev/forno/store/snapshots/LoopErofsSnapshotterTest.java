package dev.forno.store.snapshots;

import dev.forno.linux.mounts.ErofsMount.Way;

class LoopErofsSnapshotterTest extends ErofsContract {
    @Override
    Way way() {
        return Way.LOOP;
    }
}
