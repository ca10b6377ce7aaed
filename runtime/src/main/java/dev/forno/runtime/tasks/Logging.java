package dev.forno.runtime.tasks;

import java.nio.file.Path;

/** Where a task's output is logged. */
public sealed interface Logging {
    /** Docker's customary bounds made default: 10 MB per file. */
    long DEFAULT_MAX_BYTES = 10_000_000;

    /** Three files. */
    int DEFAULT_MAX_FILES = 3;

    /** No log. */
    Logging NONE = new None();

    /** No log. */
    record None() implements Logging {}

    /**
     * A rotated file, read by {@link dev.forno.runtime.logs.LogReader}. It belongs to the caller: a task's deletion leaves it,
     * the next task may append to it. Older files are {@code path.1}, {@code path.2} ….
     *
     * @param path the newest file; its directory exists
     * @param maxBytes size at which it is rotated; 0 for never
     * @param maxFiles how many files are kept, at least 1
     */
    record File(Path path, long maxBytes, int maxFiles) implements Logging {
        /** A file with the default rotation. */
        public static File of(Path path) {
            return new File(path, DEFAULT_MAX_BYTES, DEFAULT_MAX_FILES);
        }
    }
}
