package dev.forno.store.garbage;

import dev.forno.linux.files.TreeUsage;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.contents.BlobStat;
import dev.forno.store.contents.ContentStore;
import dev.forno.store.failures.Failures;
import dev.forno.store.leases.LeaseBook;
import dev.forno.store.places.Place;
import dev.forno.store.places.Remains;
import dev.forno.store.snapshots.Layer;
import dev.forno.store.snapshots.MergedIndex;
import dev.forno.store.snapshots.Snapshot;
import dev.forno.store.snapshots.Snapshotter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Marks and sweeps. The order keeps it safe beside running work: leases linger from now on, then candidates are listed,
 * then roots are read; so what is not a root now and not leased since the start has no user and will get none. What goes is
 * taken out of sight first and unlinked after, when nobody waits for a lock.
 */
public final class Collector implements GarbageCollector {
    private final ContentStore content;
    private final Snapshotter snapshotter;
    private final LeaseBook leases;
    private final InstantSource clock;
    private final ReentrantLock running = new ReentrantLock();

    /** Collects from these parts of one store. */
    public Collector(ContentStore content, Snapshotter snapshotter, LeaseBook leases, InstantSource clock) {
        this.content = content;
        this.snapshotter = snapshotter;
        this.leases = leases;
        this.clock = clock;
    }

    @Override
    public Collected collect(Supplier<Roots> roots) {
        running.lock();
        leases.beginCollection();
        try {
            Sweep sweep = new Sweep();
            Candidates unused = candidates(roots, _ -> false);
            // Indexes first: they say which layers they are of.
            unused.indexes.forEach(sweep::index);
            unused.layers.forEach(sweep::layer);
            unused.blobs.forEach(sweep::blob);
            content.detachPartial(stale()).forEach(sweep::discard);
            return new Collected(List.copyOf(sweep.removedBlobs), List.copyOf(sweep.removedLayers), sweep.freed());
        } finally {
            leases.endCollection();
            running.unlock();
        }
    }

    @Override
    public Collected preview(Supplier<Roots> roots, Predicate<String> goneSnapshot) {
        running.lock();
        try {
            Candidates unused = candidates(roots, goneSnapshot);
            Set<String> layers = new HashSet<>();
            Set<String> blobs = new HashSet<>(); // a plain layer's blob has the name of the layer
            unused.layers.forEach(layer -> layers.add(layer.toString()));
            unused.blobs.forEach(blob -> blobs.add(blob.toString()));
            TreeUsage usage = new TreeUsage();
            for (MergedIndex index : unused.indexes) {
                measure(usage, index.path());
            }
            List<Place> places = new ArrayList<>(content.places());
            places.addAll(snapshotter.places());
            for (Place place : places) {
                boolean goes =
                        switch (place.kind()) {
                            case PARTIAL -> content.isStale(place, stale());
                            case BLOB -> blobs.contains(place.name());
                            case LAYER -> layers.contains(place.name());
                            case INDEX, SNAPSHOT, TEMPORARY, METADATA -> false;
                        };
                if (goes) {
                    measure(usage, place.path());
                }
            }
            return new Collected(unused.blobs, unused.layers, usage.freed());
        } finally {
            running.unlock();
        }
    }

    private Instant stale() {
        return clock.instant().minus(ContentStore.RESUMABLE_FOR);
    }

    private static void measure(TreeUsage usage, Path path) {
        try {
            usage.add(path);
        } catch (IOException e) {
            throw Failures.of("measure " + path, e);
        }
    }

    private record Candidates(List<Digest> blobs, List<Digest> layers, List<MergedIndex> indexes) {}

    private Candidates candidates(Supplier<Roots> supplier, Predicate<String> goneSnapshot) {
        List<BlobStat> blobs = content.list();
        List<Layer> layers = snapshotter.layers();
        List<MergedIndex> indexes = snapshotter.indexes();
        Roots roots = supplier.get();
        Set<Digest> usedLayers = new HashSet<>(roots.layers());
        List<List<Digest>> mounted = new ArrayList<>();
        for (Snapshot snapshot : snapshotter.snapshots()) {
            if (!goneSnapshot.test(snapshot.key())) {
                List<Digest> chain = snapshot.layersIfThere();
                mounted.add(chain);
                usedLayers.addAll(chain);
            }
        }
        return new Candidates(
                blobs.stream()
                        .map(BlobStat::digest)
                        .filter(digest -> !roots.blobs().contains(digest) && !leases.isProtected(digest))
                        .toList(),
                layers.stream()
                        .map(Layer::diffId)
                        .filter(diffId -> !usedLayers.contains(diffId) && !leases.isProtected(diffId))
                        .toList(),
                indexes.stream()
                        .filter(index -> !roots.chains().contains(index.layers())
                                && mounted.stream().noneMatch(index::isBelow)
                                && !isLeased(index))
                        .toList());
    }

    /** Whether work in flight may be about to use what is merged: it leases every layer. */
    private boolean isLeased(MergedIndex index) {
        return !index.layers().isEmpty() && leases.isProtected(index.layers().getLast());
    }

    /** What one collection removes. */
    private final class Sweep {
        private final List<Digest> removedBlobs = new ArrayList<>();
        private final List<Digest> removedLayers = new ArrayList<>();
        private final TreeUsage usage = new TreeUsage();
        private long indexBytes;

        void blob(Digest digest) {
            leases.detachUnlessProtected(digest, () -> content.detach(digest)).ifPresent(remains -> {
                removedBlobs.add(digest);
                discard(remains);
            });
        }

        void layer(Digest diffId) {
            leases.detachUnlessProtected(diffId, () -> detach(diffId)).ifPresent(remains -> {
                removedLayers.add(diffId);
                discard(remains);
            });
        }

        void index(MergedIndex index) {
            // What it holds is measured while it is mounted, as a preview and du do.
            TreeUsage own = new TreeUsage();
            measure(own, index.path());
            Optional<Remains> remains = index.layers().isEmpty()
                    ? snapshotter.detachIndex(index)
                    : leases.detachUnlessProtected(index.layers().getLast(), () -> snapshotter.detachIndex(index));
            remains.ifPresent(gone -> {
                indexBytes += own.freed();
                gone.discard();
            });
        }

        long freed() {
            return usage.freed() + indexBytes;
        }

        void discard(Remains remains) {
            measure(usage, remains.path());
            remains.discard();
        }
    }

    private Optional<Remains> detach(Digest diffId) {
        try {
            return snapshotter.detachLayer(diffId);
        } catch (FornoException e) {
            if (e.kind() == ErrorKind.FAILED_PRECONDITION) {
                return Optional.empty(); // a snapshot was prepared over it since
            }
            throw e;
        }
    }
}
