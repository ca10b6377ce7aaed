package dev.forno.store.snapshots;

import dev.forno.linux.mounts.ErofsMount.Way;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.indexes.ErofsProbe;
import dev.forno.store.indexes.ErofsSupport;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Opens the snapshotter of a store: the one that its layers are kept by, or the best for a new store. */
public final class Snapshotters {
    private Snapshotters() {}

    /** Whether the directory has layers or snapshots of any snapshotter. */
    public static boolean hasContent(Path root) throws IOException {
        return kept(root).isPresent();
    }

    /**
     * Opens a snapshotter in its part of the directory.
     *
     * @param publishing told of every diffID just before its layer becomes visible
     * @throws FornoException {@link ErrorKind#FAILED_PRECONDITION} when the layers that are there are another's,
     *     {@link ErrorKind#UNAVAILABLE} when this machine can't mount them
     */
    public static Snapshotter open(Path root, SnapshotterChoice choice, Consumer<Digest> publishing)
            throws IOException {
        Optional<String> kept = kept(root);
        kept.ifPresent(name -> requireSame(root, name, choice));
        Path directory = root.resolve(ErofsSnapshotter.NAME);
        Path probes = directory.resolve("temporary");
        if (Files.isDirectory(probes)) {
            new Workspace(probes); // a probe that a crash cut short, whatever is chosen now
        }
        if (choice == SnapshotterChoice.UNPACK
                || kept.filter(UnpackSnapshotter.NAME::equals).isPresent()) {
            return unpack(root, "as chosen", publishing);
        }
        List<Way> ways = choice == SnapshotterChoice.EROFS_LOOP ? List.of(Way.LOOP) : List.of(Way.values());
        ErofsSupport support = ErofsProbe.probeWithKept(directory.resolve("probe"), ways);
        Optional<Way> way = support.way();
        if (way.isPresent()) {
            return ErofsSnapshotter.open(directory, way.get(), support.caching(), support.summary(), publishing);
        }
        if (choice == SnapshotterChoice.AUTO && kept.isEmpty()) {
            return unpack(root, support.summary(), publishing);
        }
        throw new FornoException(
                ErrorKind.UNAVAILABLE,
                "open snapshots " + directory + ": " + support.summary()
                        + "; load the kernel's modules erofs and loop, or use a new state directory with the snapshotter "
                        + SnapshotterChoice.UNPACK);
    }

    private static Snapshotter unpack(Path root, String reason, Consumer<Digest> publishing) {
        return UnpackSnapshotter.open(root.resolve(UnpackSnapshotter.NAME), reason, publishing);
    }

    /** The name of the snapshotter whose layers or snapshots are there. */
    private static Optional<String> kept(Path root) throws IOException {
        for (String name : List.of(ErofsSnapshotter.NAME, UnpackSnapshotter.NAME)) {
            Path directory = root.resolve(name);
            if (hasEntries(directory.resolve(OverlaySnapshotter.ACTIVE)) || hasEntries(directory.resolve("layers"))) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    private static boolean hasEntries(Path directory) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            return entries.iterator().hasNext();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static void requireSame(Path root, String kept, SnapshotterChoice choice) {
        boolean same =
                switch (choice) {
                    case AUTO -> true;
                    case EROFS, EROFS_LOOP -> kept.equals(ErofsSnapshotter.NAME);
                    case UNPACK -> kept.equals(UnpackSnapshotter.NAME);
                };
        if (!same) {
            throw new FornoException(
                    ErrorKind.FAILED_PRECONDITION,
                    "open snapshots " + root + ": its images and containers are kept by the snapshotter " + kept
                            + ", not "
                            + choice + "; remove them all first, or choose another state directory, or the snapshotter "
                            + kept);
        }
    }
}
