package dev.forno.build.archives;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.Fd;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Flags;
import dev.forno.linux.files.Root;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Extracts a tar archive below a directory of a root. Names with {@code ..} and links can't lead out: every path is resolved
 * inside the root. An entry replaces what is there, except a directory by a directory. For one thread.
 */
public final class Extraction {
    /** Owner and mode of extracted entries; null keeps the archive's. */
    public record Overrides(@Nullable Integer uid, @Nullable Integer gid, boolean devices) {}

    private record DirectoryTime(String path, TarEntry entry) {}

    private final Root root;
    private final String base;
    private final Overrides overrides;
    private final ExtractionLimits limits;
    private final Deque<DirectoryTime> directories = new ArrayDeque<>();
    private long entries;
    private long bytes;

    private Extraction(Root root, String base, Overrides overrides, ExtractionLimits limits) {
        this.root = root;
        this.base = base;
        this.overrides = overrides;
        this.limits = limits;
    }

    /**
     * Extracts {@code tar}, uncompressed, below {@code base}, which is made when it is missing. Throws
     * {@link ErrorKind#INVALID_ARGUMENT} for a malformed archive and {@link ErrorKind#RESOURCE_EXHAUSTED} beyond the limits.
     */
    public static void extract(InputStream tar, Root root, String base, Overrides overrides, ExtractionLimits limits)
            throws IOException {
        new Extraction(root, base, overrides, limits).run(tar);
    }

    private void run(InputStream tar) throws IOException {
        root.mkdirAll(base, 0755);
        TarReader reader = new TarReader(tar);
        for (Optional<TarEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
            if (Thread.interrupted()) {
                throw new FornoException(ErrorKind.CANCELLED, "extract archive: cancelled");
            }
            TarEntry entry = next.get();
            bytes += entry.size();
            if (++entries > limits.entries() || bytes > limits.bytes()) {
                throw new FornoException(
                        ErrorKind.RESOURCE_EXHAUSTED,
                        "extract archive: more than " + limits.entries() + " entries or " + limits.bytes() + " bytes");
            }
            String name = clean(entry.name());
            if (name.isEmpty()) {
                continue; // the archive's own top directory
            }
            try {
                place(entry, base + "/" + name, reader);
            } catch (ErrnoException e) {
                throw new FornoException(
                        ErrorKind.INVALID_ARGUMENT, "extract archive: \"" + entry.name() + "\": " + e.getMessage(), e);
            }
        }
        while (!directories.isEmpty()) {
            DirectoryTime last = directories.pop();
            root.setTimes(last.path(), null, last.entry().modified());
        }
    }

    private void place(TarEntry entry, String path, TarReader reader) throws IOException {
        int slash = path.lastIndexOf('/');
        root.mkdirAll(path.substring(0, slash), 0755);
        Optional<FileStat> there = root.find(path);
        switch (entry.type()) {
            case DIRECTORY -> {
                if (there.isPresent() && !there.get().isDirectory()) {
                    root.unlink(path);
                    there = Optional.empty();
                }
                if (there.isEmpty()) {
                    root.mkdir(path, 0755);
                }
                attributes(entry, path);
                directories.push(new DirectoryTime(path, entry));
            }
            case FILE -> {
                root.removeAll(path);
                file(path, reader.content());
                attributes(entry, path);
            }
            case SYMLINK -> {
                root.removeAll(path);
                root.symlink(entry.linkName(), path);
                attributes(entry, path);
            }
            case HARD_LINK -> {
                String target = base + "/" + clean(entry.linkName());
                if (!target.equals(path)) {
                    root.removeAll(path);
                    root.link(target, path);
                }
            }
            case CHARACTER_DEVICE -> special(entry, path, Flags.S_IFCHR);
            case BLOCK_DEVICE -> special(entry, path, Flags.S_IFBLK);
            case FIFO -> special(entry, path, Flags.S_IFIFO);
        }
    }

    private void file(String path, InputStream content) throws IOException {
        try (Fd file = root.open(path, Flags.O_WRONLY | Flags.O_CREAT | Flags.O_EXCL | Flags.O_NOFOLLOW, 0600);
                OutputStream out = file.output()) {
            content.transferTo(out);
        }
    }

    private void special(TarEntry entry, String path, int type) throws IOException {
        if (!overrides.devices() && type != Flags.S_IFIFO) {
            return;
        }
        root.removeAll(path);
        root.mknod(path, type | 0600, entry.major(), entry.minor());
        attributes(entry, path);
    }

    private void attributes(TarEntry entry, String path) throws ErrnoException {
        Integer uid = overrides.uid();
        Integer gid = overrides.gid();
        root.chown(path, uid == null ? entry.uid() : uid, gid == null ? entry.gid() : gid);
        boolean link = entry.type() == dev.forno.store.archives.TarType.SYMLINK;
        if (!link) {
            root.chmod(path, entry.mode());
        }
        for (Map.Entry<String, byte[]> xattr : entry.xattrs().entrySet()) {
            if (!link
                    && (xattr.getKey().equals("security.capability")
                            || xattr.getKey().startsWith("user."))) {
                root.setXattr(path, xattr.getKey(), xattr.getValue());
            }
        }
        root.setTimes(path, null, entry.modified());
    }

    /** The name without {@code .}, {@code ..}, double and leading slashes. */
    private static String clean(String name) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : name.split("/")) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return String.join("/", parts);
    }
}
