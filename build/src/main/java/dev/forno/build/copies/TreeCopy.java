package dev.forno.build.copies;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.Directory;
import dev.forno.linux.files.Fd;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.FileType;
import dev.forno.linux.files.Flags;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.patterns.IgnorePatterns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Copies files and directories between open directories, which nothing can lead out of. For one thread. */
final class TreeCopy {
    /** As many levels as a layer's archive may have. */
    private static final int MAX_DEPTH = 1024;

    private record Inode(long device, long number) {}

    private record Placed(Directory directory, String name) {}

    private final @Nullable Owner owner;
    private final @Nullable ModeChange mode;
    private final IgnorePatterns excludes;
    private final byte[] buffer = new byte[1 << 16];
    private final Map<Inode, Placed> linked = new HashMap<>();

    /** {@code owner} and {@code mode} null keep those of the source. */
    TreeCopy(@Nullable Owner owner, @Nullable ModeChange mode, IgnorePatterns excludes) {
        this.owner = owner;
        this.mode = mode;
        this.excludes = excludes;
    }

    /** The attributes that are copied: capabilities and the users' own. */
    static List<String> copied(List<String> attributes) {
        return attributes.stream()
                .filter(a -> a.equals("security.capability") || a.startsWith("user."))
                .sorted()
                .toList();
    }

    /** Refuses directories deeper than any image can have. */
    static void requireBounded(String path, int depth) {
        if (depth > MAX_DEPTH) {
            throw new FornoException(
                    ErrorKind.FAILED_PRECONDITION,
                    "copy \"" + path.substring(0, 100) + "…\": nested more than " + MAX_DEPTH + " directories deep");
        }
    }

    /** Copies what is in {@code from} into {@code to}; {@code path} is where that is, for excludes and error texts. */
    void content(Directory from, Directory to, String path) throws IOException {
        content(from, to, path, 0);
    }

    private void content(Directory from, Directory to, String path, int depth) throws IOException {
        requireBounded(path, depth);
        List<String> names = new ArrayList<>(from.list());
        Collections.sort(names);
        for (String name : names) {
            if (Thread.interrupted()) {
                throw new FornoException(ErrorKind.CANCELLED, "copy files: cancelled");
            }
            String child = path.isEmpty() ? name : path + "/" + name;
            if (!excludes.excludes(child)) {
                entry(from, name, to, child, depth);
            }
        }
        if (path.isEmpty()) {
            linked.clear();
        }
    }

    private void entry(Directory from, String name, Directory to, String path, int depth) throws IOException {
        FileStat stat = from.stat(name);
        switch (stat.type()) {
            case DIRECTORY -> directory(from, name, to, path, stat, depth);
            case FILE -> {
                try (Fd source = from.open(name, Flags.O_RDONLY | Flags.O_NONBLOCK, 0)) {
                    file(source, stat, to, name, path);
                }
                xattrs(from, name, to, name);
                to.setTimes(name, null, stat.modified());
            }
            case SYMLINK -> {
                clear(to, name, path);
                to.symlink(from.readlink(name), name);
                chown(to, name, stat);
                to.setTimes(name, null, stat.modified());
            }
            case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO -> {
                clear(to, name, path);
                to.mknod(name, type(stat.type()) | 0600, stat.major(), stat.minor());
                attributes(to, name, stat);
                to.setTimes(name, null, stat.modified());
            }
            case SOCKET -> {} // means nothing in an image
        }
    }

    private static int type(FileType type) {
        return switch (type) {
            case CHARACTER_DEVICE -> Flags.S_IFCHR;
            case BLOCK_DEVICE -> Flags.S_IFBLK;
            default -> Flags.S_IFIFO;
        };
    }

    private void directory(Directory from, String name, Directory to, String path, FileStat stat, int depth)
            throws IOException {
        Optional<FileStat> there = to.find(name);
        if (there.isPresent() && !there.get().isDirectory()) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "cannot copy to non-directory: " + path);
        }
        if (there.isEmpty()) {
            to.mkdir(name, 0700);
        }
        attributes(to, name, stat);
        try (Directory source = from.directory(name);
                Directory target = to.directory(name)) {
            content(source, target, path, depth + 1);
        }
        xattrs(from, name, to, name);
        to.setTimes(name, null, stat.modified());
    }

    /** Copies an open file to a new child {@code name}, with owner and mode. */
    void file(Fd source, FileStat stat, Directory to, String name, String path) throws IOException {
        clear(to, name, path);
        Inode inode = new Inode(stat.device(), stat.inode());
        Placed earlier = stat.links() > 1 ? linked.get(inode) : null;
        if (earlier != null && linkTo(earlier, to, name)) {
            return;
        }
        try (Fd target = to.open(name, Flags.O_WRONLY | Flags.O_CREAT | Flags.O_EXCL, 0600)) {
            for (int n = source.read(buffer, 0, buffer.length); n >= 0; n = source.read(buffer, 0, buffer.length)) {
                target.write(buffer, 0, n);
            }
        }
        attributes(to, name, stat);
        if (stat.links() > 1) {
            linked.put(inode, new Placed(to, name));
        }
    }

    /** Links within one directory only: the directory of an earlier file may be closed by now. */
    private static boolean linkTo(Placed earlier, Directory to, String name) throws ErrnoException {
        if (earlier.directory() != to) {
            return false;
        }
        to.link(to, earlier.name(), name);
        return true;
    }

    private static void clear(Directory to, String name, String path) throws IOException {
        Optional<FileStat> there = to.find(name);
        if (there.isPresent() && there.get().isDirectory()) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "cannot replace to directory " + path + " with file");
        }
        if (there.isPresent()) {
            to.unlink(name);
        }
    }

    /** Gives the child the owner and mode that a copy of {@code source} has. */
    void attributes(Directory to, String name, FileStat source) throws ErrnoException {
        chown(to, name, source);
        to.chmod(name, mode == null ? source.mode() : mode.apply(source.mode(), source.isDirectory()));
    }

    private void chown(Directory to, String name, FileStat source) throws ErrnoException {
        to.chown(name, owner == null ? source.uid() : owner.uid(), owner == null ? source.gid() : owner.gid());
    }

    static void xattrs(Directory from, String name, Directory to, String newName) throws ErrnoException {
        for (String attribute : copied(from.xattrs(name))) {
            Optional<byte[]> value = from.xattr(name, attribute);
            if (value.isPresent()) {
                to.setXattr(newName, attribute, value.get());
            }
        }
    }
}
