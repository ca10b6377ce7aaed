package dev.forno.store.snapshots;

import dev.forno.linux.files.Fd;
import dev.forno.linux.files.Flags;
import dev.forno.linux.mounts.Mounts;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/** Directories that something may be mounted on. */
final class MountPoint {
    private static final Logger LOG = System.getLogger(MountPoint.class.getName());

    private MountPoint() {}

    /** Whether something is mounted on the directory itself. */
    static boolean isMounted(Path directory) throws IOException {
        Path parent = Objects.requireNonNull(directory.getParent());
        try (Fd self = Fd.open(directory, Flags.O_PATH | Flags.O_DIRECTORY, 0);
                Fd above = Fd.open(parent, Flags.O_PATH | Flags.O_DIRECTORY, 0)) {
            return self.stat().mountId() != above.stat().mountId();
        }
    }

    /**
     * Unmounts everything from the directory, if it is there, in every mount namespace: one that was made meanwhile, by a
     * runtime for a container or for a system service, has a copy of the mount, which would hold the files below, and the disk
     * space of removed ones, for as long as it lives.
     */
    static void unmount(Path directory) throws IOException {
        if (unmountHere(directory)) {
            replace(directory);
        }
    }

    /** {@link #unmount} for a directory that is removed next, which takes the copies away as well; tells whether it was one. */
    static boolean unmountHere(Path directory) throws IOException {
        boolean unmounted = false;
        // Several may lie over one another when two engines raced for the directory.
        while (Files.isDirectory(directory) && isMounted(directory) && Mounts.unmount(directory)) {
            unmounted = true;
        }
        return unmounted;
    }

    /** When a directory goes, the kernel unmounts what other namespaces have on it (Linux 3.18). */
    private static void replace(Path directory) {
        Path fresh = directory.resolveSibling(directory.getFileName() + ".new");
        try {
            Files.createDirectories(fresh);
            Files.move(fresh, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) { // as on a full disk
            LOG.log(
                    Level.WARNING,
                    "replace " + directory + ": " + e.getMessage() + "; other namespaces may hold it",
                    e);
        }
    }
}
