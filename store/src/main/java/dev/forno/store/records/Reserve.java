package dev.forno.store.records;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Disk space that is kept for the day on which the disk is full. Without it not even a removal, which would make space, could
 * be recorded. It becomes a database's log, and that the reserve again, by renaming: so nobody else can take it meanwhile.
 */
public final class Reserve {
    private static final Logger LOG = System.getLogger(Reserve.class.getName());
    private static final int BYTES = 1 << 20;
    private static final int BLOCK = 1 << 16;

    /** So much must be free before some of it is set aside. */
    private static final long PLENTY = 16L << 20;

    /** A disk with less free space than this fails writes in other ways than by saying that it is full. */
    private static final long SCARCE = 1 << 16;

    /** As much of a log as says what of it is valid (SQLite's file format, section 4.1), in whole blocks. */
    private static final int HEADER = 4096;

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

    /** Makes it the log of a database that is not open and has none; false when it was used before. */
    boolean becomeLog(Path log) {
        try {
            if (!Files.exists(file) || (Files.exists(log) && Files.size(log) > 0)) {
                return false;
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate(HEADER), 0); // in place; what it held as a log before is void
                channel.force(true);
            }
            Files.move(file, log, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "use " + file + " for want of other space: " + e.getMessage());
            return false;
        }
    }

    /** Whether there is none, nor space for a new one. */
    boolean isSpent() {
        return !Files.exists(file) && free() < PLENTY;
    }

    /** Keeps a log that the database needs no more as the reserve. */
    void keep(Path log) {
        try {
            if (Files.exists(log) && Files.size(log) >= SCARCE) {
                Files.move(log, file, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "keep " + log + " as a reserve: " + e.getMessage());
        }
    }

    /** Sets space aside, unless that is done or the disk is nearly full. */
    void restore() {
        if (size() < BYTES && free() >= PLENTY) {
            take();
        }
    }

    /** Sets aside what it can get of the space that was released. */
    void take() {
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] block = new byte[BLOCK];
            for (int written = 0; written < BYTES; written += block.length) {
                out.write(block);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "reserve space in " + file + ": " + e.getMessage()); // tried again later
        }
        if (size() < SCARCE) {
            release();
        }
    }

    /** Its bytes, 0 when there is none. */
    private long size() {
        return file.toFile().length();
    }

    private long free() {
        Path directory = file.toAbsolutePath().getParent();
        return directory == null ? 0 : directory.toFile().getUsableSpace();
    }
}
