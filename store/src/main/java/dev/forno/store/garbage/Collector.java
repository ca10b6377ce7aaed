package dev.forno.store.garbage;

import dev.forno.oci.Digest;
import dev.forno.store.contents.BlobStat;
import dev.forno.store.contents.ContentStore;
import dev.forno.store.leases.LeaseBook;
import dev.forno.store.snapshots.Layer;
import dev.forno.store.snapshots.Snapshot;
import dev.forno.store.snapshots.Snapshotter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Marks and sweeps. The order keeps it safe beside running work: leases linger from now on, then candidates are listed,
 * then roots are read; so what is not a root now and not leased since the start has no user and will get none.
 */
public final class Collector implements GarbageCollector {
    private final ContentStore content;
    private final Snapshotter snapshotter;
    private final LeaseBook leases;
    private final ReentrantLock running = new ReentrantLock();

    /** Collects from these parts of one store. */
    public Collector(ContentStore content, Snapshotter snapshotter, LeaseBook leases) {
        this.content = content;
        this.snapshotter = snapshotter;
        this.leases = leases;
    }

    @Override
    public Collected collect(Supplier<Roots> supplier) {
        running.lock();
        leases.beginCollection();
        try {
            List<BlobStat> blobs = content.list();
            List<Layer> layers = snapshotter.layers();
            Roots roots = supplier.get();
            List<Digest> removedBlobs = new ArrayList<>();
            List<Digest> removedLayers = new ArrayList<>();
            long bytes =
                    sweepLayers(layers, roots.layers(), removedLayers) + sweepBlobs(blobs, roots.blobs(), removedBlobs);
            return new Collected(List.copyOf(removedBlobs), List.copyOf(removedLayers), bytes);
        } finally {
            leases.endCollection();
            running.unlock();
        }
    }

    private long sweepBlobs(List<BlobStat> blobs, Set<Digest> roots, List<Digest> removed) {
        long bytes = 0;
        for (BlobStat blob : blobs) {
            Digest digest = blob.digest();
            if (!roots.contains(digest) && leases.removeUnlessProtected(digest, () -> content.delete(digest))) {
                removed.add(digest);
                bytes += blob.size();
            }
        }
        return bytes;
    }

    private long sweepLayers(List<Layer> layers, Set<Digest> roots, List<Digest> removed) {
        Set<Digest> used = new HashSet<>(roots);
        for (Snapshot snapshot : snapshotter.snapshots()) {
            used.addAll(snapshot.layers());
        }
        long bytes = 0;
        for (Layer layer : layers) {
            if (!used.contains(layer.diffId()) && leases.removeUnlessProtected(layer.diffId(), () -> remove(layer))) {
                removed.add(layer.diffId());
                bytes += layer.size();
            }
        }
        return bytes;
    }

    private boolean remove(Layer layer) {
        try {
            snapshotter.removeLayer(layer.diffId());
            return true;
        } catch (dev.forno.oci.FornoException e) {
            if (e.kind() == dev.forno.oci.ErrorKind.FAILED_PRECONDITION) {
                return false; // a snapshot was prepared over it since
            }
            throw e;
        }
    }
}
