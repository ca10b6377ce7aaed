package dev.forno.engine.images;

import dev.forno.store.snapshots.SnapshotterChoice;

/** Hostile layers with the snapshotter {@code erofs}. */
class HostileImagesErofsTest extends HostileImagesTest {
    HostileImagesErofsTest() {
        super(SnapshotterChoice.EROFS);
    }
}
