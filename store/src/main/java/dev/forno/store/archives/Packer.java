package dev.forno.store.archives;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.Directory;
import dev.forno.linux.files.Fd;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.FileType;
import dev.forno.linux.files.Flags;
import dev.forno.linux.files.Root;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.failures.Failures;
import dev.forno.store.workers.Workers;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Archives trees: in the order of the names, hard links among the archived files kept, extended attributes included,
 * sockets left out. Follows no link. An interrupt cancels. For one thread at a time; on a virtual thread the work is done
 * by a platform thread meanwhile. Failures are {@link FornoException}s.
 */
public final class Packer {
    private static final int MAX_DEPTH = 1024;

    private final TarWriter out;
    private final PackOptions options;

    /** The name under which a file with several links was archived first. */
    private final Map<FileId, String> linked = new HashMap<>();

    private record FileId(long device, long inode) {}

    /** Archives to {@code out}, which the caller finishes. */
    public Packer(TarWriter out, PackOptions options) {
        this.out = out;
        this.options = options;
    }

    /**
     * Archives a file, or a directory with everything in it.
     *
     * @param path its place in the root; a link in the last place is archived as a link
     * @param name its name in the archive; for a directory and an empty name, only what is in it
     */
    public void pack(Root root, String path, String name) {
        Workers.run("archive \"" + path + "\"", () -> packNow(root, path, name));
    }

    private void packNow(Root root, String path, String name) {
        try {
            String clean = EntryNames.clean(path);
            if (clean.isEmpty()) {
                packTop(root, name);
                return;
            }
            int slash = clean.lastIndexOf('/');
            String child = clean.substring(slash + 1);
            try (Directory parent = root.directory(slash < 0 ? "" : clean.substring(0, slash))) {
                FileStat stat = parent.stat(child);
                if (name.isEmpty() && stat.isDirectory()) {
                    try (Directory directory = parent.directory(child)) {
                        children(directory, "", 0);
                    }
                } else {
                    pack(parent, child, stat, name, 0);
                }
            }
        } catch (IOException e) {
            throw Failures.of(path.isEmpty() || path.equals("/") ? "archive files" : "archive \"" + path + "\"", e);
        }
    }

    private void packTop(Root root, String name) throws IOException {
        if (!name.isEmpty()) {
            FileStat stat = root.top().fd().stat();
            Optional<TarEntry> entry = options.transform().apply(entry(stat, name, Collections.emptySortedMap(), ""));
            if (entry.isEmpty()) {
                return;
            }
            out.add(entry.get());
        }
        children(root.top(), name.isEmpty() ? "" : name + "/", 0);
    }

    private void children(Directory directory, String prefix, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new FornoException(
                    ErrorKind.FAILED_PRECONDITION, "archive \"" + prefix.substring(0, 100) + "…\": nested too deeply");
        }
        String[] names = directory.list().toArray(new String[0]);
        Arrays.sort(names);
        for (String name : names) {
            Optional<FileStat> stat = directory.find(name); // empty: removed while we read
            if (stat.isPresent()) {
                pack(directory, name, stat.get(), prefix + name, depth);
            }
        }
    }

    private void pack(Directory parent, String child, FileStat stat, String name, int depth) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw Failures.cancelled("archive \"" + name + "\"");
        }
        if (stat.type() == FileType.SOCKET) {
            return;
        }
        if (options.whiteouts() == Whiteouts.OVERLAY && WhiteoutNames.isDevice(stat)) {
            int slash = name.lastIndexOf('/');
            String whiteout = name.substring(0, slash + 1) + WhiteoutNames.PREFIX + name.substring(slash + 1);
            out.add(TarEntry.file(whiteout, 0600, 0, stat.modified()));
            return;
        }
        String link = stat.isSymlink() ? parent.readlink(child) : "";
        TarEntry found = entry(stat, name, xattrs(parent, child), link);
        Optional<TarEntry> entry = options.transform().apply(found);
        if (entry.isEmpty()) {
            return;
        }
        if (stat.isDirectory()) {
            out.add(entry.get());
            directory(parent, child, stat, entry.get().name(), depth);
        } else if (stat.links() > 1 && isLinkedBefore(stat, entry.get())) {
            return;
        } else if (stat.isFile()) {
            file(parent, child, entry.get());
        } else {
            out.add(entry.get());
        }
    }

    private void directory(Directory parent, String child, FileStat stat, String name, int depth) throws IOException {
        if (options.whiteouts() == Whiteouts.OVERLAY && WhiteoutNames.isOpaque(parent, child)) {
            out.add(TarEntry.file(name + "/" + WhiteoutNames.OPAQUE, 0600, 0, stat.modified()));
        }
        try (Directory directory = parent.directory(child)) {
            children(directory, name + "/", depth + 1);
        }
    }

    private boolean isLinkedBefore(FileStat stat, TarEntry entry) throws IOException {
        String first = linked.putIfAbsent(new FileId(stat.device(), stat.inode()), entry.name());
        if (first == null) {
            return false;
        }
        out.add(new TarEntry(
                entry.name(),
                TarType.HARD_LINK,
                entry.mode(),
                entry.uid(),
                entry.gid(),
                "",
                "",
                0,
                entry.modified(),
                null,
                first,
                0,
                0,
                Collections.emptySortedMap()));
        return true;
    }

    private void file(Directory parent, String child, TarEntry entry) throws IOException {
        try (Fd file = parent.open(child, Flags.O_RDONLY | Flags.O_NONBLOCK, 0)) {
            out.add(entry, file.input());
        }
    }

    private static TarEntry entry(FileStat stat, String name, SortedMap<String, byte[]> xattrs, String link) {
        boolean device = stat.type() == FileType.CHARACTER_DEVICE || stat.type() == FileType.BLOCK_DEVICE;
        return new TarEntry(
                name,
                type(stat.type()),
                stat.mode(),
                stat.uid(),
                stat.gid(),
                "",
                "",
                stat.isFile() ? stat.size() : 0,
                stat.modified(),
                null,
                link,
                device ? stat.major() : 0,
                device ? stat.minor() : 0,
                xattrs);
    }

    private static TarType type(FileType type) {
        return switch (type) {
            case FILE -> TarType.FILE;
            case DIRECTORY -> TarType.DIRECTORY;
            case SYMLINK -> TarType.SYMLINK;
            case CHARACTER_DEVICE -> TarType.CHARACTER_DEVICE;
            case BLOCK_DEVICE -> TarType.BLOCK_DEVICE;
            case FIFO -> TarType.FIFO;
            case SOCKET -> throw new IllegalArgumentException("sockets are not archived");
        };
    }

    private static SortedMap<String, byte[]> xattrs(Directory parent, String child) throws IOException {
        List<String> names;
        try {
            names = parent.xattrs(child);
        } catch (ErrnoException e) {
            if (e.errno() == ErrnoException.ENOENT) {
                return Collections.emptySortedMap();
            }
            throw e;
        }
        if (names.isEmpty()) {
            return Collections.emptySortedMap();
        }
        SortedMap<String, byte[]> xattrs = new TreeMap<>();
        for (String name : names) {
            if (belongsToFile(name)) {
                parent.xattr(child, name).ifPresent(value -> xattrs.put(name, value));
            }
        }
        return xattrs;
    }

    /** Labels of this host's security modules, and marks of overlay mounts, are not part of a file's content. */
    private static boolean belongsToFile(String attribute) {
        return attribute.equals("security.capability")
                || ((attribute.startsWith("user.")
                                || attribute.startsWith("trusted.")
                                || attribute.startsWith("system.posix_acl_"))
                        && !WhiteoutNames.isOverlayAttribute(attribute));
    }
}
