package dev.forno.store.snapshots;

import dev.forno.oci.Digest;
import dev.forno.store.places.Place;
import dev.forno.store.places.Remains;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A snapshotter that knows the lowest layer of every snapshot as an image. */
record IndexedBase(Snapshotter real) implements Snapshotter {
    @Override
    public String name() {
        return real.name();
    }

    @Override
    public Snapshot prepare(String key, List<Digest> diffIds) {
        if (!diffIds.isEmpty()) {
            real.index(diffIds.subList(0, 1));
        }
        return real.prepare(key, diffIds);
    }

    @Override
    public Layer install(InputStream tar, Supplier<Digest> diffId) {
        return real.install(tar, diffId);
    }

    @Override
    public Optional<Layer> layer(Digest diffId) {
        return real.layer(diffId);
    }

    @Override
    public List<Layer> layers() {
        return real.layers();
    }

    @Override
    public Optional<Remains> detachLayer(Digest diffId) {
        return real.detachLayer(diffId);
    }

    @Override
    public List<Place> places() {
        return real.places();
    }

    @Override
    public List<Snapshot> snapshots() {
        return real.snapshots();
    }

    @Override
    public Optional<Snapshot> snapshot(String key) {
        return real.snapshot(key);
    }

    @Override
    public Layer seal(Snapshot snapshot, Digest diffId) {
        return real.seal(snapshot, diffId);
    }

    @Override
    public Layer seal(Snapshot snapshot, OutputStream copy) {
        return real.seal(snapshot, copy);
    }

    @Override
    public Layer capture(Snapshot snapshot, OutputStream copy) {
        return real.capture(snapshot, copy);
    }

    @Override
    public void close() {
        real.close();
    }
}
