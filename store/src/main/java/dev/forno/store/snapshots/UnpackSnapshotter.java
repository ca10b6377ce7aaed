package dev.forno.store.snapshots;

import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.failures.Failures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The snapshotter that works on every kernel: layers unpacked into directories, snapshots as overlayfs over them. Blocks
 * for long in {@link #install}: call it from a platform thread.
 */
public final class UnpackSnapshotter implements Snapshotter {
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,199}");

    private final Path active;
    private final Workspace workspace;
    private final UnpackLayers layers;

    /** Held for reading while a snapshot of existing layers is made, for writing while a layer is removed. */
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

    private UnpackSnapshotter(Path root, Workspace workspace, UnpackLayers layers) {
        this.active = root.resolve("active");
        this.workspace = workspace;
        this.layers = layers;
    }

    /**
     * Opens the directory, or makes it when it isn't there, and removes what a crash left unfinished.
     *
     * @param publishing told of every diffID just before its layer becomes visible
     */
    public static UnpackSnapshotter open(Path root, Consumer<Digest> publishing) {
        try {
            Path absolute = Files.createDirectories(root.toAbsolutePath()).toRealPath();
            Files.createDirectories(absolute.resolve("active"));
            Path layers = Files.createDirectories(absolute.resolve("layers"));
            Workspace workspace = new Workspace(absolute.resolve("temporary"));
            return new UnpackSnapshotter(absolute, workspace, new UnpackLayers(layers, workspace, publishing));
        } catch (IOException e) {
            throw Failures.of("open snapshots " + root, e);
        }
    }

    @Override
    public String name() {
        return "unpack";
    }

    @Override
    public Layer install(InputStream tar, Supplier<Digest> diffId) {
        return layers.install(tar, diffId);
    }

    @Override
    public Optional<Layer> layer(Digest diffId) {
        return layers.find(diffId);
    }

    @Override
    public List<Layer> layers() {
        return layers.list();
    }

    @Override
    public long removeLayer(Digest diffId) {
        use.writeLock().lock();
        try {
            Optional<Layer> layer = layers.find(diffId);
            for (Snapshot snapshot : snapshots()) {
                if (snapshot.layers().contains(diffId)) {
                    throw new FornoException(
                            ErrorKind.FAILED_PRECONDITION,
                            "remove layer " + diffId + ": the snapshot " + snapshot.key() + " uses it");
                }
            }
            layers.remove(diffId);
            return layer.map(Layer::size).orElse(0L);
        } finally {
            use.writeLock().unlock();
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
            Path work = workspace.create(step);
            try {
                new SnapshotLayout(work).create(diffIds, layers, step);
                if (!workspace.publish(work, active, key)) {
                    throw new FornoException(ErrorKind.ALREADY_EXISTS, step + ": a snapshot of that key exists");
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

    private UnpackSnapshot find(String key) {
        return new UnpackSnapshot(key, active, layers, workspace);
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
        return find(snapshot.key()).seal(diffId);
    }
}
