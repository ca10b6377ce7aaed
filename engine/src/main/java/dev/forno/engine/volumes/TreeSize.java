package dev.forno.engine.volumes;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.Directory;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Root;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The bytes of the files in a tree: hard links once, other file systems not at all. */
final class TreeSize {
    private final long device;
    private final Set<Long> linked = new HashSet<>();
    private long bytes;

    private TreeSize(long device) {
        this.device = device;
    }

    /** Adds up; what disappears meanwhile is left out. */
    static long of(Path directory) {
        try (Root root = Root.open(directory)) {
            TreeSize size = new TreeSize(root.top().fd().stat().device());
            size.add(root.top());
            return size.bytes;
        } catch (ErrnoException e) {
            throw new FornoException(ErrorKind.INTERNAL, "measure " + directory + ": " + e.getMessage(), e);
        }
    }

    private void add(Directory directory) throws ErrnoException {
        for (String name : directory.list()) {
            Optional<FileStat> found = directory.find(name);
            if (found.isEmpty() || found.get().device() != device) {
                continue;
            }
            FileStat stat = found.get();
            if (stat.isDirectory()) {
                try (Directory child = directory.directory(name)) {
                    add(child);
                } catch (ErrnoException e) {
                    if (e.errno() != ErrnoException.ENOENT && e.errno() != ErrnoException.ENOTDIR) {
                        throw e;
                    }
                }
            } else if (stat.links() == 1 || linked.add(stat.inode())) {
                bytes += stat.isFile() ? stat.size() : 0;
            }
        }
    }
}
