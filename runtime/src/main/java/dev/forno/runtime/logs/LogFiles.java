package dev.forno.runtime.logs;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A log's files: the newest has the log's name, older ones end in {@code .1}, {@code .2} …, the youngest of them first.
 * Files are opened and renamed by this class alone, one after the other, so that nobody passes over a file or reads it
 * twice because it changes its name meanwhile. Thread-safe.
 */
public final class LogFiles {
    /** No longer than a few calls to the kernel. */
    private static final ReentrantLock NAMES = new ReentrantLock();

    private static final int MAX_DIGITS = 9;

    private LogFiles() {}

    /** The name of an older file, 1 being the youngest of them. */
    public static Path numbered(Path log, int number) {
        return log.resolveSibling(log.getFileName() + "." + number);
    }

    /**
     * Makes room for a new newest file: {@code log.2} → {@code log.3} … {@code log} → {@code log.1}; the oldest goes.
     *
     * @param maxFiles how many files may be there when the new one is; the last one before stays until then
     */
    public static void shift(Path log, int maxFiles) throws IOException {
        NAMES.lock();
        try {
            int free = 1;
            while (free < maxFiles - 1 && Files.exists(numbered(log, free))) {
                free++;
            }
            for (int i = free; i > 1; i--) {
                Files.move(numbered(log, i - 1), numbered(log, i), StandardCopyOption.ATOMIC_MOVE);
            }
            if (Files.exists(log)) {
                Files.move(log, numbered(log, 1), StandardCopyOption.ATOMIC_MOVE);
            }
        } finally {
            NAMES.unlock();
        }
    }

    /** Opens the files there are, oldest first. */
    static List<LogFile> open(Path log) throws IOException {
        List<LogFile> files = new ArrayList<>();
        boolean done = false;
        NAMES.lock();
        try {
            for (Path path : all(log)) {
                LogFile.open(path).ifPresent(files::add);
            }
            done = true;
            return files;
        } finally {
            NAMES.unlock();
            if (!done) {
                files.forEach(LogFile::close);
            }
        }
    }

    /**
     * Opens the file that was begun after the given one; empty while that is the newest or the next isn't there yet. When it
     * was removed by rotation meanwhile, the oldest there is follows.
     */
    static Optional<LogFile> openAfter(Path log, LogFile file) throws IOException {
        NAMES.lock();
        try {
            List<Path> files = all(log);
            int next = 0;
            for (int i = 0; i < files.size(); i++) {
                if (file.is(files.get(i))) {
                    next = i + 1;
                }
            }
            return next < files.size() ? LogFile.open(files.get(next)) : Optional.empty();
        } finally {
            NAMES.unlock();
        }
    }

    /** Oldest first. A number may be missing: an engine was killed while it renamed. */
    private static List<Path> all(Path log) throws IOException {
        String prefix = Objects.requireNonNull(log.getFileName()) + ".";
        TreeMap<Integer, Path> older = new TreeMap<>();
        try (DirectoryStream<Path> directory =
                Files.newDirectoryStream(log.resolveSibling(""), path -> isNumbered(path, prefix))) {
            for (Path path : directory) {
                older.put(Integer.parseInt(String.valueOf(path.getFileName()).substring(prefix.length())), path);
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
        List<Path> files = new ArrayList<>(older.descendingMap().values());
        if (Files.exists(log)) {
            files.add(log);
        }
        return files;
    }

    private static boolean isNumbered(Path path, String prefix) {
        String name = String.valueOf(path.getFileName());
        return name.startsWith(prefix)
                && name.length() > prefix.length()
                && name.length() <= prefix.length() + MAX_DIGITS
                && name.substring(prefix.length()).chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
