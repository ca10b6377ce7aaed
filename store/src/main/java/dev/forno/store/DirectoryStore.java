package dev.forno.store;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.contents.ContentStore;
import dev.forno.store.contents.LayoutContentStore;
import dev.forno.store.failures.Failures;
import dev.forno.store.garbage.Collector;
import dev.forno.store.garbage.GarbageCollector;
import dev.forno.store.layers.BlobLayers;
import dev.forno.store.layers.Layers;
import dev.forno.store.leases.LeaseBook;
import dev.forno.store.leases.Leases;
import dev.forno.store.places.Place;
import dev.forno.store.records.Database;
import dev.forno.store.records.SqliteDatabase;
import dev.forno.store.snapshots.Snapshotter;
import dev.forno.store.snapshots.SnapshotterChoice;
import dev.forno.store.snapshots.Snapshotters;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * A store in one directory, locked against a second engine. What a process that is killed leaves there, and what removes it:
 *
 * <ul>
 *   <li>{@code content/blobs}: whole blobs only, which appear and go by renames; those without a user go with a collection
 *   <li>{@code content/*.new}: made anew, over what is there, by the next opening
 *   <li>{@code ingests/once-*} (blobs being written, linked or removed) and empty ones go with the next opening,
 *       {@code ingests/resumable-*} a day after their last byte with an opening or a collection
 *   <li>{@code snapshots/*}{@code /temporary} (layers, indexes and snapshots being made or removed) is emptied, of mounts
 *       too, by the next opening
 *   <li>{@code snapshots/erofs/probe}: kept for the next opening, which unmounts it
 *   <li>{@code snapshots/*}{@code /layers}: whole layers only; those without a user go with a collection, and what the disk has
 *       damaged with the next opening
 *   <li>{@code snapshots/erofs/images}: indexes without {@code about} or of lost layers go with the next opening, other merged
 *       ones with a collection, those of single layers with the layer; they stay mounted for the next engine
 *   <li>{@code snapshots/*}{@code /active}: a snapshot goes when its owner says so, who must do it after a start for those of which
 *       it has no record; {@code base.new} and {@code merged.new} in it are used again, or go with it
 *   <li>{@code snapshots/*}{@code /chains}: lists that no snapshot names go with the next opening
 *   <li>{@code metadata.db*}: SQLite's own recovery
 * </ul>
 */
final class DirectoryStore implements Store {
    private static final String DATABASE = "metadata.db";
    private static final String SNAPSHOTS = "snapshots";

    private final Path root;
    private final FileChannel lock;
    private final LeaseBook leases = new LeaseBook();
    private final ContentStore content;
    private final Database database;
    private final Snapshotter snapshotter;
    private final Layers layers;
    private final GarbageCollector garbage;

    private DirectoryStore(Path root, FileChannel lock, InstantSource clock, SnapshotterChoice choice)
            throws IOException {
        this.root = root;
        this.lock = lock;
        content = LayoutContentStore.open(root.resolve("content"), root.resolve("ingests"), leases::publishing, clock);
        database = SqliteDatabase.open(root.resolve(DATABASE));
        try {
            snapshotter = Snapshotters.open(root.resolve(SNAPSHOTS), choice, leases::publishing);
        } catch (IOException | RuntimeException e) {
            database.close();
            throw e;
        }
        garbage = new Collector(content, snapshotter, leases, clock);
        layers = new BlobLayers(content, snapshotter, database.table("compressed-layers"));
    }

    static Store open(Path root, InstantSource clock, SnapshotterChoice choice) {
        try {
            Files.createDirectories(root);
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx--x---"));
            FileChannel lock = lock(root);
            try {
                requireMetadata(root);
                return new DirectoryStore(root, lock, clock, choice);
            } catch (IOException | RuntimeException | Error e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw Failures.of("open store " + root, e);
        }
    }

    static boolean isIn(Path root) {
        return Files.exists(root.resolve(DATABASE));
    }

    /** With new metadata nothing would have a user, and everything would be collected: containers' files too. */
    private static void requireMetadata(Path root) throws IOException {
        Path database = root.resolve(DATABASE);
        boolean missing = !Files.exists(database) || Files.size(database) == 0;
        if (missing && Snapshotters.hasContent(root.resolve(SNAPSHOTS))) {
            throw new FornoException(
                    ErrorKind.DATA_LOSS,
                    "open store " + root + ": there are layers or containers, but no metadata (" + DATABASE
                            + "); restore it from a backup, or move the directory away to start anew");
        }
    }

    private static FileChannel lock(Path root) throws IOException {
        FileChannel channel =
                FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean held = false;
        try {
            held = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            held = false; // by this very process
        } finally {
            if (!held) {
                channel.close();
            }
        }
        if (!held) {
            throw new FornoException(
                    ErrorKind.FAILED_PRECONDITION,
                    "open store " + root
                            + ": another engine uses this directory; stop it or choose another state directory");
        }
        return channel;
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
        return leases;
    }

    @Override
    public GarbageCollector garbage() {
        return garbage;
    }

    @Override
    public List<Place> places() {
        List<Place> places = new ArrayList<>(content.places());
        places.addAll(snapshotter.places());
        for (String suffix : List.of("", "-wal", "-shm", "-reserve")) {
            String name = DATABASE + suffix;
            places.add(new Place(Place.Kind.METADATA, name, root.resolve(name)));
        }
        return places;
    }

    @Override
    public void close() {
        try (lock;
                database) {
            snapshotter.close();
        } catch (IOException e) {
            throw Failures.of("close store", e);
        }
    }
}
