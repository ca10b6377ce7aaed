package dev.forno.runtime.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A log's files: the newest has the log's name, older ones end in {@code .1}, {@code .2} …, the youngest of them first.
 * A file keeps its identity when rotation renames it.
 */
public final class LogFiles {
    private LogFiles() {}

    /** The name of an older file, 1 being the youngest of them. */
    public static Path numbered(Path log, int number) {
        return log.resolveSibling(log.getFileName() + "." + number);
    }

    /** The files there are, oldest first. */
    public static List<Path> all(Path log) {
        List<Path> files = new ArrayList<>();
        if (Files.exists(log)) {
            files.add(log);
        }
        for (int i = 1; Files.exists(numbered(log, i)); i++) {
            files.addFirst(numbered(log, i));
        }
        return files;
    }

    /** What the file system knows a file by, whatever its name; empty when there is none. */
    static Optional<Object> identity(Path file) throws IOException {
        try {
            return Optional.of(Objects.requireNonNull(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * The file that was begun after the one with that identity; empty while that is the newest or the next isn't there yet.
     * When it was removed by rotation meanwhile, the oldest there is follows.
     */
    static Optional<Path> after(Path log, Object identity) throws IOException {
        List<Path> files = all(log);
        for (int i = 0; i < files.size(); i++) {
            if (identity(files.get(i)).filter(identity::equals).isPresent()) {
                return i + 1 < files.size() ? Optional.of(files.get(i + 1)) : Optional.empty();
            }
        }
        return files.stream().findFirst();
    }
}
