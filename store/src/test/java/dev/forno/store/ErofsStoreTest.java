package dev.forno.store;

import dev.forno.oci.MediaTypes;
import dev.forno.store.snapshots.SnapshotterChoice;

class ErofsStoreTest extends StoreTest {
    @Override
    SnapshotterChoice choice() {
        return SnapshotterChoice.EROFS;
    }

    @Override
    String storedAs() {
        return MediaTypes.OCI_LAYER;
    }
}
