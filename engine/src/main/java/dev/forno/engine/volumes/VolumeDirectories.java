package dev.forno.engine.volumes;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Root;
import dev.forno.linux.files.TreeUsage;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.failures.Failures;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** What volumes are on the disk: {@code <directory>/<name>/_data}. Thread-safe. */
final class VolumeDirectories {
    private static final Logger LOG = System.getLogger(VolumeDirectories.class.getName());
    private static final String DATA = "_data";
    private static final String FILLING = "_filling";

    /** Names of anonymous volumes, whose directories are of no use without a container. */
    private static final Pattern MADE_UP = Pattern.compile("[0-9a-f]{64}");

    private final Path directory;
    private final ConcurrentHashMap<String, ReentrantLock> filling = new ConcurrentHashMap<>();

    VolumeDirectories(Path directory) {
        this.directory = directory;
    }

    /** Removes directories of anonymous volumes that are not among these; those that can't be removed stay. */
    void removeUnrecorded(Set<String> recorded) throws IOException {
        try (Root root = Root.open(directory)) {
            for (String name : root.list("/")) {
                if (recorded.contains(name)) {
                    continue;
                }
                if (isMadeUp(name)) {
                    removeUnrecorded(root, name);
                } else {
                    LOG.log(Level.WARNING, "volume " + name + " has no record; creating it gives its content back");
                }
            }
        }
    }

    private static void removeUnrecorded(Root root, String name) {
        try {
            root.removeAll(name);
        } catch (ErrnoException e) {
            LOG.log(Level.WARNING, "remove volume " + name + ": " + e.getMessage() + "; the next start tries again", e);
        }
    }

    /** Whether an anonymous volume has the name. */
    static boolean isMadeUp(String name) {
        return MADE_UP.matcher(name).matches();
    }

    /** Whether there is content of that name. */
    boolean has(String name) {
        return Files.isDirectory(directory.resolve(name).resolve(DATA), LinkOption.NOFOLLOW_LINKS);
    }

    /** The place of a volume's content, made when it isn't there. */
    Path make(String name) {
        try (Root root = Root.open(directory)) {
            if (root.find(name + "/" + DATA).isEmpty()) { // else its record was lost, with the metadata
                root.removeAll(name); // what an earlier attempt left
                root.mkdir(name, 0701);
                root.mkdir(name + "/" + DATA, 0755);
            }
        } catch (ErrnoException e) {
            throw Failures.of("create volume " + name, e);
        }
        return directory.resolve(name).resolve(DATA);
    }

    /** Removes a volume's directory; nobody may be about to fill it. */
    void remove(String name) {
        filling.remove(name);
        try (Root root = Root.open(directory)) {
            root.removeAll(name);
        } catch (ErrnoException e) {
            throw Failures.of("remove volume " + name, e);
        }
    }

    /** The bytes of a volume; of one that is a directory of the host or another file system, none. */
    static long size(Volume volume) {
        if (!VolumeOptions.isLocal(volume)) {
            return 0;
        }
        try {
            return TreeUsage.of(Path.of(volume.mountpoint())).bytes();
        } catch (IOException e) {
            throw Failures.of("measure volume " + volume.name(), e);
        }
    }

    /**
     * Copies a tree into a volume that has nothing in it, one after the other into the same volume.
     *
     * @param isShared whether a container uses the volume already, which then sees it being filled
     */
    void fillIfEmpty(String name, Root source, BooleanSupplier isShared) {
        ReentrantLock lock = filling.computeIfAbsent(name, key -> new ReentrantLock());
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FornoException(ErrorKind.CANCELLED, "fill volume " + name + ": cancelled", e);
        }
        try {
            fill(name, source, isShared);
        } finally {
            lock.unlock();
        }
    }

    private void fill(String name, Root source, BooleanSupplier isShared) {
        try (Root own = Root.open(directory.resolve(name))) {
            if (!own.list(DATA).isEmpty()) {
                return;
            }
            boolean shared = isShared.getAsBoolean();
            String target = shared ? DATA : FILLING;
            if (!shared) {
                own.removeAll(FILLING);
                own.mkdir(FILLING, 0700);
            }
            try (Root filled = own.root(target)) {
                TreeCopy.copy(source, filled);
            }
            FileStat top = source.top().fd().stat();
            own.chown(target, top.uid(), top.gid());
            own.chmod(target, top.mode());
            if (!shared) {
                own.rename(FILLING, DATA, 0);
            }
        } catch (ErrnoException e) {
            throw Failures.of("fill volume " + name, e);
        }
    }
}
