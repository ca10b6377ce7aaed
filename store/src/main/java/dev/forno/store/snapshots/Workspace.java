package dev.forno.store.snapshots;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.Flags;
import dev.forno.linux.files.Root;
import dev.forno.linux.mounts.Mount;
import dev.forno.linux.mounts.Mounts;
import dev.forno.store.failures.Failures;
import dev.forno.store.places.Place;
import dev.forno.store.places.Remains;
import dev.forno.store.workers.Workers;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The directory of everything unfinished: what is being built, what is being removed, and probes. Emptied at open, of mounts
 * too, so that a crash leaves nothing in it.
 */
final class Workspace {
    private static final Logger LOG = System.getLogger(Workspace.class.getName());

    private final Path directory;
    private final AtomicLong next = new AtomicLong();

    Workspace(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory).toRealPath();
        for (Mount mount : Mounts.table()) {
            if (mount.target().startsWith(this.directory)) {
                Mounts.unmount(mount.target());
            }
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory)) {
            for (Path path : left) {
                clear(path);
            }
        }
    }

    /** What can't be removed keeps its space, not the engine from starting; new directories get other names. */
    private void clear(Path path) {
        try {
            removeAll(path);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "clean up " + path + ": " + e.getMessage() + "; the next start tries again", e);
            String name = path.getFileName().toString();
            if (name.matches("[0-9]{1,18}")) {
                next.accumulateAndGet(Long.parseLong(name), Math::max);
            }
        }
    }

    /** A new empty directory. */
    Path create(String step) {
        try {
            return Files.createDirectory(directory.resolve(Long.toString(next.incrementAndGet())));
        } catch (IOException e) {
            throw Failures.of(step, e);
        }
    }

    /** Removes what is left of a directory of {@link #create}; nothing happens when it was moved away. */
    void discard(Path work) {
        try {
            removeAll(work);
        } catch (IOException e) {
            throw Failures.of("clean up " + work, e);
        }
    }

    /** Makes a directory of {@link #create} appear as {@code parent/name}; false when that exists already. */
    boolean publish(Path work, Path parent, String name) throws IOException {
        try (Root from = Root.open(directory);
                Root to = Root.open(parent)) {
            from.top().rename(work.getFileName().toString(), to.top(), name, Flags.RENAME_NOREPLACE);
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == ErrnoException.EEXIST) {
                return false;
            }
            throw e;
        }
    }

    /** Makes {@code parent/name} vanish at once and removes its files; nothing happens when it isn't there. */
    void moveAway(Path parent, String name, String step) {
        detach(parent, name, step).ifPresent(Remains::discard);
    }

    /** Makes {@code parent/name} vanish at once; empty when it isn't there. */
    Optional<Remains> detach(Path parent, String name, String step) {
        String grave = Long.toString(next.incrementAndGet());
        try (Root from = Root.open(parent);
                Root to = Root.open(directory)) {
            from.top().rename(name, to.top(), grave, Flags.RENAME_NOREPLACE);
        } catch (ErrnoException e) {
            if (e.errno() == ErrnoException.ENOENT) {
                return Optional.empty();
            }
            throw Failures.of(step, e);
        }
        Path path = directory.resolve(grave);
        return Optional.of(new Remains() {
            @Override
            public Path path() {
                return path;
            }

            @Override
            public void discard() {
                Workers.run(step, () -> removeAll(path));
            }
        });
    }

    /** What is unfinished now. */
    List<Place> places() {
        List<Place> places = new ArrayList<>();
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory)) {
            for (Path path : left) {
                places.add(new Place(Place.Kind.TEMPORARY, path.getFileName().toString(), path));
            }
        } catch (IOException e) {
            throw Failures.of("list " + directory, e);
        }
        return places;
    }

    private void removeAll(Path path) throws IOException {
        try (Root root = Root.open(directory)) {
            root.top().removeAll(path.getFileName().toString());
        }
    }
}
