package dev.forno.engine.images;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.MediaTypes;
import dev.forno.store.Store;
import dev.forno.store.contents.BlobStat;
import dev.forno.store.contents.ContentStore;
import dev.forno.store.contents.LayoutContentStore;
import dev.forno.store.garbage.Collected;
import dev.forno.store.garbage.GarbageCollector;
import dev.forno.store.garbage.Roots;
import dev.forno.store.layers.Compression;
import dev.forno.store.layers.Layers;
import dev.forno.store.layers.StoredLayer;
import dev.forno.store.leases.Lease;
import dev.forno.store.leases.Leases;
import dev.forno.store.places.Place;
import dev.forno.store.places.Remains;
import dev.forno.store.records.Database;
import dev.forno.store.records.SqliteDatabase;
import dev.forno.store.snapshots.Layer;
import dev.forno.store.snapshots.Snapshot;
import dev.forno.store.snapshots.Snapshotter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;

/** A store with real content and metadata whose layers are only remembered, never applied: needs no root. */
final class PlainStore implements Store {
    private final ContentStore content;
    private final Database database;
    private final Map<Digest, Layer> installed = new ConcurrentHashMap<>();
    private final Snapshotter snapshotter = new RememberedLayers();
    private final Layers layers = new ReadLayers();

    PlainStore(Path directory) {
        content = LayoutContentStore.open(
                directory.resolve("content"), directory.resolve("ingests"), digest -> {}, InstantSource.system());
        database = SqliteDatabase.open(directory.resolve("meta.db"));
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

    private final class ReadLayers implements Layers {
        @Override
        public Layer add(Descriptor blob, Digest diffId) {
            try (InputStream in = Compression.decompress(content.read(blob.contentDigest()))) {
                byte[] tar = in.readAllBytes();
                if (!Digest.of(tar).equals(diffId)) {
                    throw new FornoException(ErrorKind.DATA_LOSS, "add layer " + diffId + ": another digest");
                }
                return installed.computeIfAbsent(diffId, key -> new Layer(key, tar.length));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public StoredLayer store(InputStream tar) {
            try {
                byte[] plain = Compression.decompress(tar).readAllBytes();
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                    gzip.write(plain);
                }
                byte[] blob = out.toByteArray();
                Digest diffId = Digest.of(plain);
                Descriptor descriptor = Descriptor.of(MediaTypes.OCI_LAYER_GZIP, content.put(blob), blob.length);
                installed.put(diffId, new Layer(diffId, plain.length));
                return new StoredLayer(diffId, descriptor, plain.length, false);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public StoredLayer commit(Snapshot snapshot) {
            throw new UnsupportedOperationException();
        }

        @Override
        public StoredLayer export(Snapshot snapshot) {
            throw new UnsupportedOperationException();
        }
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
            throw new UnsupportedOperationException();
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
