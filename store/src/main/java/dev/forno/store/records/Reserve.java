package dev.forno.store.records;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Disk space that is kept for the day on which the disk is full. Without it not even a removal, which would make space, could
 * be recorded, and the engine could not start to be asked for one.
 */
public final class Reserve {
    private static final Logger LOG = System.getLogger(Reserve.class.getName());
    private static final int BYTES = 1 << 20;

    /** So much must be free before some of it is set aside. */
    private static final long PLENTY = 16L << 20;

    /** A disk with less free space than this fails writes in other ways than by saying that it is full. */
    private static final long SCARCE = 1 << 16;

    private final Path file;

    private Reserve(Path file) {
        this.file = file;
    }

    /** The reserve beside a database. */
    public static Reserve of(Path database) {
        return new Reserve(file(database));
    }

    /** The file of the reserve beside a database. */
    public static Path file(Path database) {
        return database.resolveSibling(database.getFileName() + "-reserve");
    }

    /** Releases it when nothing else is free. */
    public void releaseWhenFull() {
        if (isFull()) {
            release();
        }
    }

    /** Whether nearly nothing is free. */
    boolean isFull() {
        return free() < SCARCE;
    }

    /** Gives the space back to the disk; false when that was done before. */
    boolean release() {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "release " + file + ": " + e.getMessage());
            return false;
        }
    }

    /** Sets space aside, unless that is done or the disk is nearly full. */
    void restore() {
        if (Files.exists(file) || free() < PLENTY) {
            return;
        }
        try {
            Files.write(file, new byte[BYTES]);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "reserve space in " + file + ": " + e.getMessage()); // tried again later
            release();
        }
    }

    private long free() {
        Path directory = file.toAbsolutePath().getParent();
        return directory == null ? 0 : directory.toFile().getUsableSpace();
    }
}
