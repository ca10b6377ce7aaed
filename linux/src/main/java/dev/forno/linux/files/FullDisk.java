package dev.forno.linux.files;

import dev.forno.linux.ErrnoException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Tells users that a disk is full: which, and what to do. Most failures don't say where they happened, so directories that
 * may fill up are made known here. Thread-safe.
 */
public final class FullDisk {
    private static final String NO_SPACE = "no space left on device";
    private static final String NO_QUOTA = "disk quota exceeded";

    /** A disk with less free space is one on which a write may just have failed. */
    private static final long SCARCE = 4L << 20;

    private static final List<Path> WATCHED = new CopyOnWriteArrayList<>();

    private FullDisk() {}

    /** A directory that is known here until it is closed. */
    public interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** Makes a directory known whose disk may fill up. */
    public static Watch watch(Path directory) {
        Path known = directory.toAbsolutePath().normalize();
        WATCHED.add(known);
        return () -> WATCHED.remove(known);
    }

    /** Whether the failure, or what caused it, is a full disk or an exhausted quota. */
    public static boolean isCauseOf(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException e && isFull(e)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFull(IOException cause) {
        return cause instanceof ErrnoException e
                ? e.errno() == ErrnoException.ENOSPC || e.errno() == ErrnoException.EDQUOT
                : isSaidIn(String.valueOf(cause.getMessage()));
    }

    /** Whether a program's or the JDK's message says so. */
    public static boolean isSaidIn(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return lower.contains(NO_SPACE) || lower.contains(NO_QUOTA);
    }

    /** What to tell about a step that failed so: the step, the disk's directory, and the remedy. */
    public static String message(String step, Throwable failure) {
        return message(step, failure, directory(failure));
    }

    /** The same for a step whose files are known to be in the directory. */
    public static String message(String step, Throwable failure, Path directory) {
        return message(step, failure, Optional.of(known(directory.toAbsolutePath())));
    }

    private static String message(String step, Throwable failure, Optional<Path> directory) {
        boolean quota =
                String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains(NO_QUOTA)
                        || (failure instanceof ErrnoException e && e.errno() == ErrnoException.EDQUOT);
        String what = directory
                .map(d -> ": the " + (quota ? "quota on the " : "") + "disk of " + d
                        + (quota ? " is used up" : " is full"))
                .orElse("");
        return step + ": " + (quota ? NO_QUOTA : NO_SPACE) + what
                + "; see what takes space with \"forno system df\", free some with \"forno system prune\", or make the disk"
                + " larger";
    }

    /** Where it happened: as the failure says, else the directory whose disk has the least left. */
    private static Optional<Path> directory(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Optional<Path> file =
                    switch (cause) {
                        case ErrnoException e -> e.file();
                        case FileSystemException e ->
                            Optional.ofNullable(e.getFile()).map(Path::of);
                        default -> Optional.empty();
                    };
            if (file.isPresent()) {
                Path path = file.get().toAbsolutePath();
                return Optional.of(known(path.getParent() == null ? path : path.getParent()));
            }
        }
        return WATCHED.stream()
                .filter(directory -> free(directory) < SCARCE)
                .min(Comparator.comparingLong(FullDisk::free));
    }

    /** The directory that users know, which it lies in. */
    private static Path known(Path directory) {
        return WATCHED.stream().filter(directory::startsWith).findFirst().orElse(directory);
    }

    private static long free(Path directory) {
        return directory.toFile().getUsableSpace();
    }
}
