package dev.forno.store.snapshots;

import dev.forno.linux.files.Root;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.indexes.MergedTree;
import dev.forno.store.places.Place;
import dev.forno.store.places.Remains;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Layers as tar files, seen through EROFS indexes. A snapshot lies over one directory with all layers of its image; layers
 * above an image that has an index already, as a build makes them step by step and as every container has one of mount
 * points, are lower directories of their own, so that a step doesn't cost an index of the whole image.
 */
final class ErofsLayering implements Layering {
    private final LayerDirectories directories;
    private final TarLayers layers;
    private final ImageIndexes indexes;
    private final LowerMounts mounts;
    private final String how;
    private final ReentrantLock bases = new ReentrantLock();

    /**
     * Layers of these directories.
     *
     * @param how how indexes are mounted, as users see it
     */
    ErofsLayering(
            LayerDirectories directories, TarLayers layers, ImageIndexes indexes, LowerMounts mounts, String how) {
        this.directories = directories;
        this.layers = layers;
        this.indexes = indexes;
        this.mounts = mounts;
        this.how = how;
    }

    @Override
    public String name() {
        return ErofsSnapshotter.NAME;
    }

    @Override
    public List<Fact> facts() {
        return List.of(new Fact("Layers", "tar files, seen through EROFS indexes"), new Fact("EROFS Mounts", how));
    }

    @Override
    public Layer install(InputStream tar, Supplier<Digest> diffId) {
        return layers.install(tar, diffId);
    }

    @Override
    public Layer seal(SnapshotLayout snapshot, Digest diffId) throws IOException {
        return capture(snapshot, OutputStream.nullOutputStream(), actual -> {
            if (!actual.equals(diffId)) {
                throw new FornoException(
                        ErrorKind.FAILED_PRECONDITION,
                        "commit snapshot " + snapshot.directory().getFileName() + ": its changes are the layer "
                                + actual + ", not " + diffId);
            }
        });
    }

    @Override
    public Layer capture(SnapshotLayout snapshot, OutputStream copy, boolean last) throws IOException {
        return capture(snapshot, copy, actual -> {});
    }

    private Layer capture(SnapshotLayout snapshot, OutputStream copy, TarLayers.Check check) throws IOException {
        TarLayers.Captured captured = layers.capture(snapshot, copy, check);
        Lower lower = Lower.over(captured.layer().diffId());
        if (indexes.about(lower.name()).isEmpty()) {
            indexes.write(lower, MergedTree.overlay(captured.tree()));
        }
        return captured.layer();
    }

    @Override
    public Optional<Layer> find(Digest diffId) {
        return directories.find(diffId);
    }

    @Override
    public List<Layer> list() {
        return directories.list();
    }

    @Override
    public Optional<Remains> detach(Digest diffId) {
        List<Remains> indexes = mounts.detachWithout(diffId::equals);
        Optional<Remains> layer = directories.detach(diffId);
        if (layer.isEmpty()) {
            indexes.forEach(Remains::discard);
        }
        return layer.map(remains -> new WithIndexes(remains, indexes));
    }

    /** A layer with the indexes that need it. */
    private record WithIndexes(Remains layer, List<Remains> indexes) implements Remains {
        @Override
        public Path path() {
            return layer.path();
        }

        @Override
        public void discard() {
            indexes.forEach(Remains::discard);
            layer.discard();
        }
    }

    @Override
    public List<Place> places() {
        List<Place> places = new ArrayList<>(directories.places());
        for (String name : indexes.names()) {
            List<Digest> merged = indexes.about(name).map(IndexAbout::layers).orElse(List.of());
            places.add(new Place(Place.Kind.INDEX, name, indexes.directory(name), merged));
        }
        return places;
    }

    @Override
    public List<MergedIndex> indexes() {
        return indexes.all().stream()
                .filter(Lower::isMerged)
                .map(lower -> new MergedIndex(lower.layers(), indexes.directory(lower.name())))
                .toList();
    }

    @Override
    public Optional<Remains> detachIndex(List<Digest> layers) {
        return mounts.detach(Lower.merged(layers).name());
    }

    @Override
    public boolean keepsTars() {
        return true;
    }

    @Override
    public Optional<Path> tar(Digest diffId) {
        return directories.find(diffId).map(layer -> layers.tar(diffId));
    }

    @Override
    public void index(List<Digest> diffIds) {
        if (!diffIds.isEmpty()) {
            mounts.ensure(Lower.merged(diffIds));
        }
    }

    @Override
    public void equip(SnapshotLayout snapshot, List<Digest> diffIds) throws IOException {
        indexes.stack(diffIds).forEach(mounts::ensure);
        for (Digest diffId : diffIds.reversed()) {
            Optional<LayerAbout> about = directories.about(diffId);
            RootAttributes root = about.isPresent() ? about.get().root() : null;
            if (root != null) {
                snapshot.setRoot(root);
                return;
            }
        }
    }

    @Override
    public Lowers lowers(SnapshotLayout snapshot) throws IOException {
        List<Digest> diffIds = snapshot.layers();
        for (Digest diffId : diffIds) {
            if (directories.about(diffId).isEmpty()) {
                throw TarLayers.lost(diffId, "it is not there any more");
            }
        }
        Held held = new Held(mounts, new ArrayList<>(), new ArrayList<>());
        try {
            for (Lower lower : indexes.stack(diffIds)) {
                held.directories.addFirst(mounts.hold(lower));
                held.lowers.addFirst(lower);
            }
            mounts.unmountIdle(); // now that all that is needed here is held
            base(snapshot, held).ifPresent(held.directories::addFirst);
            return held;
        } catch (IOException | RuntimeException e) {
            held.close();
            throw e;
        }
    }

    /** The snapshot's own lower directory, with the real attributes of directories that single layers only imply. */
    private Optional<Path> base(SnapshotLayout snapshot, Held held) throws IOException {
        List<ImpliedDirectories.Part> parts = new ArrayList<>();
        boolean implied = held.lowers.isEmpty(); // an overlay needs one lower directory
        for (int i = held.lowers.size() - 1; i >= 0; i--) {
            Lower lower = held.lowers.get(i);
            List<String> madeUp = lower.isMerged()
                    ? List.of()
                    : directories.about(lower.layers().getFirst()).orElseThrow().implied();
            implied |= !madeUp.isEmpty();
            parts.add(new ImpliedDirectories.Part(held.directories.get(i), madeUp));
        }
        if (!implied) {
            return Optional.empty();
        }
        bases.lock();
        try {
            if (!Files.isDirectory(snapshot.base())) {
                makeBase(snapshot, parts);
            }
        } finally {
            bases.unlock();
        }
        return Optional.of(snapshot.base());
    }

    private static void makeBase(SnapshotLayout snapshot, List<ImpliedDirectories.Part> parts) throws IOException {
        String unfinished = "base.new";
        try (Root root = Root.open(snapshot.directory())) {
            root.removeAll(unfinished); // a crash may have left one
            root.mkdir(unfinished, 0755);
        }
        Path made = snapshot.directory().resolve(unfinished);
        ImpliedDirectories.create(made, parts);
        Files.move(made, snapshot.base(), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public List<Path> paths(SnapshotLayout snapshot) throws IOException {
        List<Path> paths = new ArrayList<>();
        if (Files.isDirectory(snapshot.base())) {
            paths.add(snapshot.base());
        }
        indexes.stack(snapshot.layers()).reversed().forEach(lower -> paths.add(indexes.mountPoint(lower.name())));
        return paths;
    }

    /** Mounts that are kept, uppermost first. */
    private record Held(LowerMounts mounts, List<Lower> lowers, List<Path> directories) implements Lowers {
        @Override
        public void close() {
            lowers.forEach(mounts::release);
            lowers.clear();
        }
    }

    @Override
    public void close() {
        mounts.close();
    }
}
