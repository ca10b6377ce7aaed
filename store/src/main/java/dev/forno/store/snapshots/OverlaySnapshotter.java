package dev.forno.store.snapshots;

import dev.forno.linux.files.Fd;
import dev.forno.linux.files.Flags;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.failures.Failures;
import dev.forno.store.places.Place;
import dev.forno.store.places.Remains;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Snapshots as overlay mounts, over layers that are kept in one way or another. Blocks for long in {@link #install}: call
 * it from a platform thread.
 */
final class OverlaySnapshotter implements Snapshotter {
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,199}");

    /** The directory of the snapshots. */
    static final String ACTIVE = "active";

    /**
     * File systems whose journal keeps the order of changes: a new snapshot, of which nothing but names and inodes matter, is
     * durable when anything later is, such as the record that names it.
     */
    private static final Set<String> ORDERED = Set.of("ext4", "ext3", "xfs");

    private final Path active;
    private final Workspace workspace;
    private final Layering layering;
    private final String fileSystem;

    /** Held for reading while a snapshot of existing layers is made, for writing while a layer is removed. */
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

    private OverlaySnapshotter(Path active, Workspace workspace, Layering layering, String fileSystem) {
        this.active = active;
        this.workspace = workspace;
        this.layering = layering;
        this.fileSystem = fileSystem;
    }

    /** Opens the snapshots in {@code active} of a directory, or makes it when it isn't there. */
    static OverlaySnapshotter open(Path root, Workspace workspace, Layering layering) throws IOException {
        Path active = Files.createDirectories(root.resolve(ACTIVE));
        Path lists = Files.createDirectories(root.resolve(SnapshotLayout.LISTS));
        Set<String> named = new HashSet<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(active)) {
            for (Path directory : directories) {
                new SnapshotLayout(directory).list().ifPresent(named::add);
            }
        }
        new LayerLists(lists).retain(named);
        return new OverlaySnapshotter(
                active, workspace, layering, Files.getFileStore(root).type());
    }

    @Override
    public String name() {
        return layering.name();
    }

    @Override
    public List<Fact> facts() {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("Backing Filesystem", fileSystem));
        facts.addAll(layering.facts());
        return List.copyOf(facts);
    }

    @Override
    public Layer install(InputStream tar, Supplier<Digest> diffId) {
        return layering.install(tar, diffId);
    }

    @Override
    public Optional<Layer> layer(Digest diffId) {
        return layering.find(diffId);
    }

    @Override
    public List<Layer> layers() {
        return layering.list();
    }

    @Override
    public boolean keepsTars() {
        return layering.keepsTars();
    }

    @Override
    public Optional<Path> tar(Digest diffId) {
        return layering.tar(diffId);
    }

    @Override
    public Optional<Remains> detachLayer(Digest diffId) {
        use.writeLock().lock();
        try {
            for (Snapshot snapshot : snapshots()) {
                if (snapshot.layersIfThere().contains(diffId)) {
                    throw new FornoException(
                            ErrorKind.FAILED_PRECONDITION,
                            "remove layer " + diffId + ": the snapshot " + snapshot.key() + " uses it");
                }
            }
            return layering.detach(diffId);
        } finally {
            use.writeLock().unlock();
        }
    }

    @Override
    public List<MergedIndex> indexes() {
        return layering.indexes();
    }

    @Override
    public Optional<Remains> detachIndex(MergedIndex index) {
        use.writeLock().lock();
        try {
            boolean used = snapshots().stream().map(Snapshot::layersIfThere).anyMatch(index::isBelow);
            return used ? Optional.empty() : layering.detachIndex(index.layers());
        } finally {
            use.writeLock().unlock();
        }
    }

    @Override
    public List<Place> places() {
        List<Place> places = new ArrayList<>(layering.places());
        snapshots().forEach(s -> places.add(new Place(Place.Kind.SNAPSHOT, s.key(), active.resolve(s.key()))));
        places.addAll(workspace.places());
        return places;
    }

    @Override
    public void index(List<Digest> diffIds) {
        use.readLock().lock();
        try {
            requireLayers(diffIds, "index image");
            layering.index(diffIds);
        } finally {
            use.readLock().unlock();
        }
    }

    @Override
    public Snapshot prepare(String key, List<Digest> diffIds) {
        if (!KEY.matcher(key).matches()) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "prepare snapshot \"" + key + "\": not a valid key");
        }
        String step = "prepare snapshot " + key;
        use.readLock().lock();
        try {
            requireLayers(diffIds, step);
            Path work = workspace.create(step);
            try {
                SnapshotLayout layout = new SnapshotLayout(work);
                layout.create(diffIds);
                layering.equip(layout, diffIds);
                if (!workspace.publish(work, active, key)) {
                    throw new FornoException(ErrorKind.ALREADY_EXISTS, step + ": a snapshot of that key exists");
                }
                if (!ORDERED.contains(fileSystem)) {
                    try (Fd directory = Fd.open(active, Flags.O_RDONLY | Flags.O_DIRECTORY, 0)) {
                        directory.syncFileSystem();
                    }
                }
            } finally {
                workspace.discard(work);
            }
        } catch (IOException e) {
            throw Failures.of(step, e);
        } finally {
            use.readLock().unlock();
        }
        return find(key);
    }

    private void requireLayers(List<Digest> diffIds, String step) {
        for (Digest diffId : diffIds) {
            if (layering.find(diffId).isEmpty()) {
                throw new FornoException(ErrorKind.NOT_FOUND, step + ": the layer " + diffId + " is not installed");
            }
        }
    }

    private OverlaySnapshot find(String key) {
        return new OverlaySnapshot(key, active, layering, workspace);
    }

    @Override
    public Optional<Snapshot> snapshot(String key) {
        return KEY.matcher(key).matches() && Files.isDirectory(active.resolve(key))
                ? Optional.of(find(key))
                : Optional.empty();
    }

    @Override
    public List<Snapshot> snapshots() {
        List<Snapshot> found = new ArrayList<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(active)) {
            for (Path directory : directories) {
                found.add(find(directory.getFileName().toString()));
            }
        } catch (IOException e) {
            throw Failures.of("list snapshots", e);
        }
        found.sort(java.util.Comparator.comparing(Snapshot::key));
        return found;
    }

    @Override
    public Layer seal(Snapshot snapshot, Digest diffId) {
        return find(snapshot.key()).seal(layout -> layering.seal(layout, diffId));
    }

    @Override
    public Layer seal(Snapshot snapshot, OutputStream copy) {
        return find(snapshot.key()).seal(layout -> layering.capture(layout, copy, true));
    }

    @Override
    public Layer capture(Snapshot snapshot, OutputStream copy) {
        return find(snapshot.key()).capture(copy);
    }

    @Override
    public void close() {
        layering.close();
    }
}
