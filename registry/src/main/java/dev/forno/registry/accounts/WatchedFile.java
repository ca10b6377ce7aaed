package dev.forno.registry.accounts;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** A small text file that is read again when it has changed. When the new text can't be used, the old one stays in force. */
final class WatchedFile<T> {
    private static final Logger LOG = System.getLogger(WatchedFile.class.getName());
    private static final long LARGEST = 16 << 20;

    private final Path path;
    private final Function<List<String>, T> parser;
    private final ReentrantLock lock = new ReentrantLock();
    private Map<String, Object> stamp;
    private T value;

    /** Reads the file for the first time; throws {@link ErrorKind#INVALID_ARGUMENT} when it can't be used. */
    WatchedFile(Path path, Function<List<String>, T> parser) {
        this.path = path;
        this.parser = parser;
        try {
            stamp = stamp();
            value = read();
        } catch (IOException e) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "read " + path + ": " + e.getMessage(), e);
        }
    }

    T get() {
        lock.lock();
        try {
            Map<String, Object> now = stamp();
            if (!now.equals(stamp)) {
                stamp = now;
                value = read();
                LOG.log(Level.INFO, "read " + path + " again");
            }
        } catch (IOException | FornoException e) {
            LOG.log(
                    Level.WARNING,
                    "read " + path + " again: " + e.getMessage() + "; the earlier content stays in force");
        } finally {
            lock.unlock();
        }
        return value;
    }

    private Map<String, Object> stamp() throws IOException {
        return Files.readAttributes(path, "unix:lastModifiedTime,size,ino,ctime");
    }

    private T read() throws IOException {
        if (Files.size(path) > LARGEST) {
            throw new IOException("it is larger than " + LARGEST + " bytes");
        }
        return parser.apply(Files.readAllLines(path));
    }
}
