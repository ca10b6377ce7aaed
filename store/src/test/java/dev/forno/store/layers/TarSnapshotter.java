package dev.forno.store.layers;

import dev.forno.oci.Digest;
import dev.forno.store.archives.TarReader;
import dev.forno.store.failures.Failures;
import dev.forno.store.places.Place;
import dev.forno.store.places.Remains;
import dev.forno.store.snapshots.Layer;
import dev.forno.store.snapshots.Snapshot;
import dev.forno.store.snapshots.Snapshotter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** Keeps layers as tar files and reads their headers, but mounts nothing. Needs no root. */
final class TarSnapshotter implements Snapshotter {
    private final Path directory;
    private final boolean keepsTars;
    private final Map<Digest, Layer> installed = new ConcurrentHashMap<>();

    /** What to do before a layer is read. */
    volatile Runnable before = () -> {};

    /** Run when a tar of so many bytes has been read to its end. */
    volatile IntConsumer after = length -> {};

    TarSnapshotter(Path directory, boolean keepsTars) {
        this.directory = directory;
        this.keepsTars = keepsTars;
    }

    @Override
    public String name() {
        return "tars";
    }

    @Override
    public Layer install(InputStream tar, Supplier<Digest> diffId) {
        before.run();
        try {
            byte[] bytes = tar.readAllBytes();
            after.accept(bytes.length);
            TarReader reader = new TarReader(new ByteArrayInputStream(bytes));
            while (reader.next().isPresent()) {
                // for what is malformed
            }
            Digest digest = diffId.get();
            Files.write(directory.resolve(digest.hex()), bytes);
            return installed.computeIfAbsent(digest, key -> new Layer(key, bytes.length));
        } catch (IOException e) {
            throw Failures.of("install layer", e);
        }
    }

    @Override
    public boolean keepsTars() {
        return keepsTars;
    }

    @Override
    public Optional<Path> tar(Digest diffId) {
        return keepsTars && installed.containsKey(diffId)
                ? Optional.of(directory.resolve(diffId.hex()))
                : Optional.empty();
    }

    @Override
    public Optional<Layer> layer(Digest diffId) {
        return Optional.ofNullable(installed.get(diffId));
    }

    @Override
    public List<Layer> layers() {
        return List.copyOf(installed.values());
    }

    @Override
    public Optional<Remains> detachLayer(Digest diffId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long removeLayer(Digest diffId) {
        installed.remove(diffId);
        return 0;
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

    @Override
    public List<Place> places() {
        return List.of();
    }
}
