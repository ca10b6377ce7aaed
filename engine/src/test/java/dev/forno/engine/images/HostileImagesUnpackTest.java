package dev.forno.engine.images;

import dev.forno.store.snapshots.SnapshotterChoice;

/** Hostile layers with the snapshotter {@code unpack}. */
class HostileImagesUnpackTest extends HostileImagesTest {
    HostileImagesUnpackTest() {
        super(SnapshotterChoice.UNPACK);
    }
}
