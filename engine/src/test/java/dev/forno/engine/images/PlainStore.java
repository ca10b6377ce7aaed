package dev.forno.engine.images;

import dev.forno.oci.Digest;
import dev.forno.store.Store;
import dev.forno.store.contents.BlobStat;
import dev.forno.store.contents.ContentStore;
import dev.forno.store.contents.LayoutContentStore;
import dev.forno.store.garbage.Collected;
import dev.forno.store.garbage.GarbageCollector;
import dev.forno.store.garbage.Roots;
import dev.forno.store.layers.BlobLayers;
import dev.forno.store.layers.Layers;
import dev.forno.store.leases.Lease;
import dev.forno.store.leases.Leases;
import dev.forno.store.places.Place;
import dev.forno.store.places.Remains;
import dev.forno.store.records.Database;
import dev.forno.store.records.SqliteDatabase;
import dev.forno.store.snapshots.Layer;
import dev.forno.store.snapshots.Snapshot;
import dev.forno.store.snapshots.Snapshotter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store with real content and metadata whose layers are kept as tars or only remembered, never applied: needs no root.
 */
final class PlainStore implements Store {
    private final ContentStore content;
    private final Database database;
    private final Map<Digest, Layer> installed = new ConcurrentHashMap<>();
    private final Snapshotter snapshotter = new RememberedLayers();
    private final Layers layers;
    private final @Nullable Path tars;

    PlainStore(Path directory) {
        this(directory, false);
    }

    /** With or without tars kept, which makes plain or compressed blobs. */
    PlainStore(Path directory, boolean keepsTars) {
        tars = keepsTars ? directory.resolve("tars") : null;
        content = LayoutContentStore.open(
                directory.resolve("content"), directory.resolve("ingests"), digest -> {}, InstantSource.system());
        database = SqliteDatabase.open(directory.resolve("meta.db"));
        layers = new BlobLayers(content, snapshotter, database.table("compressed-layers"));
    }

    @Override
    public ContentStore content() {
        return content;
    }

    @Override
    public Database database() {
        return database;
    }

    @Override
    public Snapshotter snapshotter() {
        return snapshotter;
    }

    @Override
    public Layers layers() {
        return layers;
    }

    @Override
    public Leases leases() {
        return purpose -> new NoLease();
    }

    @Override
    public GarbageCollector garbage() {
        return new GarbageCollector() {
            @Override
            public Collected collect(Supplier<Roots> roots) {
                Collected unused = unused(roots.get());
                unused.blobs().forEach(content::delete);
                unused.layers().forEach(installed::remove);
                return unused;
            }

            @Override
            public Collected preview(Supplier<Roots> roots, Predicate<String> goneSnapshot) {
                return unused(roots.get());
            }
        };
    }

    @Override
    public List<Place> places() {
        return content.places();
    }

    @Override
    public void close() {
        database.close();
    }

    private Collected unused(Roots needed) {
        List<Digest> blobs = new ArrayList<>();
        long bytes = 0;
        for (BlobStat blob : content.list()) {
            if (!needed.blobs().contains(blob.digest())) {
                blobs.add(blob.digest());
                bytes += blob.size();
            }
        }
        List<Digest> layers = installed.keySet().stream()
                .filter(diffId -> !needed.layers().contains(diffId))
                .toList();
        return new Collected(blobs, layers, bytes);
    }

    private static final class NoLease implements Lease {
        @Override
        public void protect(Digest digest) {}

        @Override
        public void close() {}
    }

    private final class RememberedLayers implements Snapshotter {
        @Override
        public String name() {
            return "remembered";
        }

        @Override
        public List<Layer> layers() {
            return List.copyOf(installed.values());
        }

        @Override
        public Optional<Layer> layer(Digest diffId) {
            return Optional.ofNullable(installed.get(diffId));
        }

        @Override
        public Layer install(InputStream tar, Supplier<Digest> diffId) {
            try {
                byte[] bytes = tar.readAllBytes();
                Digest digest = diffId.get();
                if (tars != null) {
                    Files.write(Files.createDirectories(tars).resolve(digest.hex()), bytes);
                }
                return installed.computeIfAbsent(digest, key -> new Layer(key, bytes.length));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public boolean keepsTars() {
            return tars != null;
        }

        @Override
        public Optional<Path> tar(Digest diffId) {
            return tars == null || !installed.containsKey(diffId)
                    ? Optional.empty()
                    : Optional.of(tars.resolve(diffId.hex()));
        }

        @Override
        public Optional<Remains> detachLayer(Digest diffId) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Place> places() {
            return List.of();
        }

        @Override
        public Snapshot prepare(String key, List<Digest> diffIds) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Snapshot> snapshots() {
            return List.of();
        }

        @Override
        public Layer seal(Snapshot snapshot, Digest diffId) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Layer seal(Snapshot snapshot, OutputStream copy) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Layer capture(Snapshot snapshot, OutputStream copy) {
            throw new UnsupportedOperationException();
        }
    }
}
