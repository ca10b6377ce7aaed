package dev.forno.store.streams;

import dev.forno.linux.files.Fd;
import dev.forno.linux.files.Flags;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Lets the kernel write a growing file to the disk while it grows, so that the sync at its end waits for little. For one
 * thread.
 */
public final class WriteBack implements AutoCloseable {
    private static final long STEP = 8L << 20;

    /** How far behind the end what was begun to be written is taken to be on the disk; what isn't yet just stays cached. */
    private static final long LAG = 2 * STEP;

    private final Fd file;
    private final boolean readSoon;
    private long started;
    private long dropped;

    /**
     * Begins with a file.
     *
     * @param readSoon whether the file is read by its name soon, so that it had better stay in memory
     */
    public WriteBack(Path path, boolean readSoon) throws IOException {
        this.file = Fd.open(path, Flags.O_WRONLY, 0);
        this.readSoon = readSoon;
    }

    /** The file has so many bytes now. */
    public void reached(long length) throws IOException {
        if (length - started >= STEP) {
            start(length);
        }
    }

    /** Lets the kernel write what there is, however little. */
    public void start(long length) throws IOException {
        file.startWriting(started, length - started);
        started = length;
        if (!readSoon && started - LAG > dropped) {
            file.dropCache(dropped, started - LAG - dropped);
            dropped = started - LAG;
        }
    }

    /** The file is empty again. */
    public void restarted() {
        started = 0;
        dropped = 0;
    }

    /** Lets go of what memory holds of the synced file. */
    public void dropCache() throws IOException {
        file.dropCache();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
