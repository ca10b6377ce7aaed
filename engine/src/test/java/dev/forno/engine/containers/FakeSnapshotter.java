package dev.forno.engine.containers;

import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.places.Place;
import dev.forno.store.places.Remains;
import dev.forno.store.snapshots.Change;
import dev.forno.store.snapshots.Layer;
import dev.forno.store.snapshots.Snapshot;
import dev.forno.store.snapshots.SnapshotPaths;
import dev.forno.store.snapshots.Snapshotter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/** Snapshots as plain directories; layers are only remembered. */
final class FakeSnapshotter implements Snapshotter {
    private final Path directory;
    final Map<String, FakeSnapshot> snapshots = new ConcurrentSkipListMap<>();
    final List<Layer> layers = new ArrayList<>();

    FakeSnapshotter(Path directory) {
        this.directory = directory;
    }

    boolean isMounted(String key) {
        FakeSnapshot snapshot = snapshots.get(key);
        return snapshot != null && snapshot.mounted;
    }

    @Override
    public String name() {
        return "directories";
    }

    @Override
    public Layer install(InputStream tar, Supplier<Digest> diffId) {
        try {
            tar.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Layer layer = new Layer(diffId.get(), 0);
        layers.add(layer);
        return layer;
    }

    @Override
    public Optional<Layer> layer(Digest diffId) {
        return layers.stream().filter(l -> l.diffId().equals(diffId)).findFirst();
    }

    @Override
    public List<Layer> layers() {
        return List.copyOf(layers);
    }

    @Override
    public Optional<Remains> detachLayer(Digest diffId) {
        layers.removeIf(l -> l.diffId().equals(diffId));
        return Optional.empty();
    }

    @Override
    public List<Place> places() {
        return List.of();
    }

    @Override
    public Snapshot prepare(String key, List<Digest> diffIds) {
        FakeSnapshot snapshot = new FakeSnapshot(key, diffIds);
        if (snapshots.putIfAbsent(key, snapshot) != null) {
            throw new FornoException(ErrorKind.ALREADY_EXISTS, "prepare " + key);
        }
        return snapshot;
    }

    @Override
    public List<Snapshot> snapshots() {
        return List.copyOf(snapshots.values());
    }

    @Override
    public Layer seal(Snapshot snapshot, Digest diffId) {
        throw new UnsupportedOperationException("containers don't seal");
    }

    @Override
    public Layer seal(Snapshot snapshot, OutputStream copy) {
        throw new UnsupportedOperationException("containers don't seal");
    }

    @Override
    public Layer capture(Snapshot snapshot, OutputStream copy) {
        throw new UnsupportedOperationException("not in this fake");
    }

    final class FakeSnapshot implements Snapshot {
        private final String key;
        private final List<Digest> layers;
        boolean mounted;

        FakeSnapshot(String key, List<Digest> layers) {
            this.key = key;
            this.layers = layers;
        }

        @Override
        public String key() {
            return key;
        }

        @Override
        public List<Digest> layers() {
            return layers;
        }

        @Override
        public SnapshotPaths paths() {
            Path merged = directory.resolve(key);
            return new SnapshotPaths(
                    List.of(directory.resolve("lower")), merged.resolve("u"), merged.resolve("w"), merged);
        }

        @Override
        public Path mount() {
            mounted = true;
            try {
                return Files.createDirectories(directory.resolve(key));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void unmount() {
            mounted = false;
        }

        @Override
        public List<Change> changes() {
            return List.of();
        }

        @Override
        public long usage() {
            return 7;
        }

        @Override
        public void writeDiff(OutputStream out) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void remove() {
            mounted = false;
            snapshots.remove(key);
        }
    }
}
