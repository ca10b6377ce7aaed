package dev.forno.store.archives;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.Directory;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Root;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The directories that an archive describes or implies, by their paths without links. Their times are set last, since what is
 * made in a directory changes its time. Kept at a size that the heap bears, as links make such paths much longer than the names in
 * the archive: with the default heap of 256 MiB some hundred thousand directories, with a larger one more. For one thread.
 */
final class DirectoryTimes {
    /** What a directory takes besides its path, in bytes. */
    private static final int DIRECTORY_BYTES = 128;

    private final long limit;

    /** Empty for a directory that is only implied. */
    private final TreeMap<String, Optional<Instant>> directories = new TreeMap<>();

    private long bytes;

    DirectoryTimes() {
        this(Runtime.getRuntime().maxMemory() / 4);
    }

    /** Keeps to this many bytes. */
    DirectoryTimes(long limit) {
        this.limit = limit;
    }

    void implied(List<String> paths) {
        paths.forEach(path -> put(path, Optional.empty()));
    }

    void described(String path, Instant modified) {
        put(path, Optional.of(modified));
    }

    private void put(String path, Optional<Instant> modified) {
        if (!directories.containsKey(path)) {
            long more = bytes + bytes(path);
            if (more > limit) {
                throw EntryNames.refused(
                        path.substring(0, Math.min(100, path.length())),
                        "the directories of the archive take more than " + limit
                                + " bytes; give the engine a larger heap");
            }
            bytes = more;
        }
        directories.put(path, modified);
    }

    private static long bytes(String path) {
        return DIRECTORY_BYTES + (long) Character.BYTES * path.length();
    }

    /** The directory is there no more, and neither is what was in it. */
    void removed(String path) {
        forget(directories.subMap(path, true, path, true));
        forget(directories.subMap(path + "/", path + "0")); // '0' follows '/'
    }

    private void forget(Map<String, Optional<Instant>> gone) {
        gone.keySet().forEach(path -> bytes -= bytes(path));
        gone.clear();
    }

    /** Those that nothing described. */
    Set<String> implied() {
        Set<String> implied = new TreeSet<>();
        directories.forEach((path, modified) -> {
            if (modified.isEmpty()) {
                implied.add(path);
            }
        });
        return implied;
    }

    /** Sets the times. */
    void set(Root root) throws IOException {
        for (Map.Entry<String, Optional<Instant>> entry : directories.entrySet()) {
            if (entry.getValue().isPresent()) {
                set(root, entry.getKey(), entry.getValue().get());
            }
        }
    }

    private static void set(Root root, String path, Instant modified) throws IOException {
        int slash = path.lastIndexOf('/');
        String name = path.substring(slash + 1);
        try (Directory parent = root.plainDirectory(path.substring(0, Math.max(0, slash)))) {
            if (parent.find(name).filter(FileStat::isDirectory).isPresent()) {
                parent.setTimes(name, modified, modified);
            }
        } catch (ErrnoException e) {
            // In a tree that is in use others may have removed or replaced it.
            if (e.errno() != ErrnoException.ENOENT
                    && e.errno() != ErrnoException.ENOTDIR
                    && e.errno() != ErrnoException.ELOOP) {
                throw e;
            }
        }
    }
}
