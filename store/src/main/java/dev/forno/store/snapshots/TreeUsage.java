package dev.forno.store.snapshots;

import dev.forno.linux.files.Directory;
import dev.forno.linux.files.FileStat;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Adds up the sizes of the files in a tree, each of several hard links once. */
final class TreeUsage {
    private final Set<Long> linked = new HashSet<>();

    long of(Directory directory) throws IOException {
        long sum = 0;
        for (String name : directory.list()) {
            Optional<FileStat> stat = directory.find(name);
            if (stat.isEmpty()) {
                continue; // removed while we look
            }
            if (stat.get().isDirectory()) {
                try (Directory child = directory.directory(name)) {
                    sum += of(child);
                }
            } else if (stat.get().links() <= 1 || linked.add(stat.get().inode())) {
                sum += stat.get().isFile() ? stat.get().size() : 0;
            }
        }
        return sum;
    }
}
