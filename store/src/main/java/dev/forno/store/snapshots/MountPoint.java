package dev.forno.store.snapshots;

import dev.forno.linux.files.Fd;
import dev.forno.linux.files.Flags;
import java.io.IOException;
import java.nio.file.Path;

/** Directories that something may be mounted on. */
final class MountPoint {
    private MountPoint() {}

    /** Whether something is mounted on the directory itself. */
    static boolean isMounted(Path directory) throws IOException {
        Path parent = java.util.Objects.requireNonNull(directory.getParent());
        try (Fd self = Fd.open(directory, Flags.O_PATH | Flags.O_DIRECTORY, 0);
                Fd above = Fd.open(parent, Flags.O_PATH | Flags.O_DIRECTORY, 0)) {
            return self.stat().mountId() != above.stat().mountId();
        }
    }
}
