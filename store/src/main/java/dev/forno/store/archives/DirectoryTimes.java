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
 * made in a directory changes its time. For one thread.
 */
final class DirectoryTimes {
    /** Empty for a directory that is only implied. */
    private final TreeMap<String, Optional<Instant>> directories = new TreeMap<>();

    void implied(List<String> paths) {
        paths.forEach(path -> directories.put(path, Optional.empty()));
    }

    void described(String path, Instant modified) {
        directories.put(path, Optional.of(modified));
    }

    /** The directory is there no more, and neither is what was in it. */
    void removed(String path) {
        directories.remove(path);
        directories.subMap(path + "/", path + "0").clear(); // '0' follows '/'
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
