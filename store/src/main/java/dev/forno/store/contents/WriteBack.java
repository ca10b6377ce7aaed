package dev.forno.store.contents;

import dev.forno.linux.files.Fd;
import dev.forno.linux.files.Flags;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Lets the kernel write a growing file to the disk while it grows, so that the sync at its end waits for little. For one
 * thread.
 */
final class WriteBack implements AutoCloseable {
    private static final long STEP = 8L << 20;

    private final Fd file;
    private long started;

    WriteBack(Path path) throws IOException {
        file = Fd.open(path, Flags.O_WRONLY, 0);
    }

    /** The file has so many bytes now. */
    void reached(long length) throws IOException {
        if (length - started >= STEP) {
            file.startWriting(started, length - started);
            started = length;
        }
    }

    /** The file is empty again. */
    void restarted() {
        started = 0;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
