package dev.forno.store.snapshots;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.mounts.ErofsMount.Caching;
import dev.forno.linux.mounts.ErofsMount.Way;
import dev.forno.linux.mounts.Mount;
import dev.forno.linux.mounts.Mounts;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.failures.Failures;
import dev.forno.store.places.Remains;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The snapshotter that unpacks nothing: a layer is its tar, an image an EROFS index into the tars of its layers, mounted
 * once for all of its containers (docs/architecture.md, "Layers").
 */
public final class ErofsSnapshotter {
    /** Its {@link Snapshotter#name}. */
    public static final String NAME = "erofs";

    private ErofsSnapshotter() {}

    /**
     * Opens the directory, or makes it when it isn't there, removes what a crash left unfinished and goes on with what is
     * mounted.
     *
     * @param way how indexes are mounted; may change from one start to the next
     * @param publishing told of every diffID just before its layer becomes visible
     */
    public static Snapshotter open(Path root, Way way, Caching caching, Consumer<Digest> publishing) {
        return open(root, way, caching, way.toString(), publishing);
    }

    /** Opens it and notes how indexes are mounted, and why not better. */
    static Snapshotter open(Path root, Way way, Caching caching, String how, Consumer<Digest> publishing) {
        try {
            Path absolute = Files.createDirectories(root.toAbsolutePath()).toRealPath();
            Path active = Files.createDirectories(absolute.resolve(OverlaySnapshotter.ACTIVE));
            Path layers = Files.createDirectories(absolute.resolve("layers"));
            Path images = Files.createDirectories(absolute.resolve("images"));
            Workspace workspace = new Workspace(absolute.resolve("temporary"));
            Set<String> adopted = adopt(absolute, active, images);
            LayerDirectories directories = new LayerDirectories(layers, workspace, publishing);
            TarLayers tars = new TarLayers(directories, workspace);
            ImageIndexes indexes = new ImageIndexes(images, workspace, tars);
            LowerMounts mounts = new LowerMounts(indexes, way, caching, () -> used(active, indexes));
            adopted.forEach(mounts::note);
            mounts.detachWithout(layer -> directories.find(layer).isEmpty()).forEach(Remains::discard);
            return OverlaySnapshotter.open(
                    absolute, workspace, new ErofsLayering(directories, tars, indexes, mounts, how));
        } catch (IOException e) {
            throw Failures.of("open snapshots " + root, e);
        }
    }

    /** The names of the mounted indexes. Anything else mounted here, other than snapshots, was left by a crash. */
    private static Set<String> adopt(Path root, Path active, Path images) throws IOException {
        Set<String> adopted = new HashSet<>();
        for (Mount mount : Mounts.table()) {
            Path target = mount.target();
            if (!target.startsWith(root) || target.startsWith(active)) {
                continue;
            }
            Path place = target.getParent();
            if (place != null && images.equals(place.getParent()) && target.endsWith("mount")) {
                adopted.add(place.getFileName().toString());
            } else {
                Mounts.unmount(target);
            }
        }
        return adopted;
    }

    /** The names of the indexes over which snapshots are mounted. */
    private static Set<String> used(Path active, ImageIndexes indexes) {
        Set<String> names = new HashSet<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(active)) {
            for (Path directory : directories) {
                mountedOver(new SnapshotLayout(directory), indexes).forEach(lower -> names.add(lower.name()));
            }
        } catch (IOException e) {
            throw Failures.of("list snapshots", e);
        }
        return names;
    }

    /** Nothing when the snapshot isn't mounted, or is removed meanwhile. */
    private static List<Lower> mountedOver(SnapshotLayout snapshot, ImageIndexes indexes) throws IOException {
        try {
            return snapshot.isMounted() ? indexes.stack(snapshot.layers()) : List.of();
        } catch (ErrnoException e) {
            if (e.errno() == ErrnoException.ENOENT) {
                return List.of();
            }
            throw e;
        } catch (FornoException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return List.of();
            }
            throw e;
        }
    }
}
