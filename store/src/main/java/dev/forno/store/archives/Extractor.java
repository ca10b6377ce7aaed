package dev.forno.store.archives;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.Directory;
import dev.forno.linux.files.Fd;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Flags;
import dev.forno.linux.files.Root;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.failures.Failures;
import dev.forno.store.workers.Workers;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Extracts archives into a tree, with owners, modes, times, extended attributes, links, devices and holes as the archive
 * has them. Nothing outside of the root can be reached, whatever the archive or the tree holds. An interrupt cancels.
 * For one thread at a time; on a virtual thread the work is done by a platform thread meanwhile. Failures are
 * {@link FornoException}s.
 */
public final class Extractor implements AutoCloseable {
    /** As deep as an index of a layer may be. */
    private static final int MAX_DEPTH = 2048;

    private final Root root;
    private final String directory;
    private final ExtractOptions options;
    private final ParentCache parents;

    private final DirectoryTimes times = new DirectoryTimes();
    private @Nullable Instant topTime;
    private long bytes;

    /**
     * Prepares the extraction into {@code root}, which stays open and the caller's. Parents that the archive lacks are
     * made with mode 0755.
     */
    public Extractor(Root root, ExtractOptions options) {
        this(root, "", options);
    }

    /**
     * Prepares the extraction into a directory of {@code root}: names that lead out of the directory are refused, but links
     * in the tree are resolved as from the root, as for a process in it.
     */
    public Extractor(Root root, String directory, ExtractOptions options) {
        this.root = root;
        this.directory = EntryNames.clean(directory);
        this.options = options;
        this.parents = new ParentCache(
                root,
                options.whiteouts() == Whiteouts.OVERLAY ? Extractor::overWhiteout : (parent, name) -> false,
                times::implied);
    }

    /** Extracts one archive to its end; may be called again for another. */
    public void extract(TarReader tar) {
        Workers.run("extract archive", () -> extractAll(tar));
    }

    private void extractAll(TarReader tar) throws IOException {
        try {
            for (Optional<TarEntry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
                if (Thread.currentThread().isInterrupted()) {
                    throw Failures.cancelled("extract archive");
                }
                Optional<TarEntry> changed = options.transform().apply(entry.get());
                if (changed.isPresent()) {
                    extract(changed.get(), tar);
                }
            }
            finishDirectories();
        } finally {
            parents.forget();
        }
    }

    /** The sum of the sizes of the extracted files. */
    public long bytes() {
        return bytes;
    }

    /** Whether an archive had an entry for the root directory itself. */
    public boolean rootSet() {
        return topTime != null;
    }

    /** The directories that no entry described and that were made as parents, by their paths without links, in order. */
    public Set<String> impliedDirectories() {
        return times.implied();
    }

    private void extract(TarEntry entry, TarReader tar) {
        try {
            String path = inDirectory(EntryNames.clean(entry.name()));
            if (path.equals(directory)) {
                extractRoot(entry);
                return;
            }
            int name = path.lastIndexOf('/') + 1;
            boolean whiteout = options.whiteouts() == Whiteouts.OVERLAY && path.startsWith(WhiteoutNames.PREFIX, name);
            EntryNames.requireNames(
                    whiteout ? path.substring(0, name) + path.substring(name + WhiteoutNames.PREFIX.length()) : path,
                    entry.name());
            Place place = place(path);
            if (whiteout) {
                whiteout(place, entry);
            } else {
                create(entry, place, tar);
            }
        } catch (IOException e) {
            throw failure(entry, e);
        }
    }

    private String inDirectory(String path) {
        return directory.isEmpty() || path.isEmpty() ? directory + path : directory + "/" + path;
    }

    /**
     * Where an entry belongs.
     *
     * @param asked its path as the archive says
     * @param path its path without links
     */
    private record Place(String asked, Directory parent, String parentPath, String path, String name) {}

    /** Where a path belongs; valid until the next call. */
    private Place place(String path) throws IOException {
        int slash = path.lastIndexOf('/');
        String name = path.substring(slash + 1);
        ParentCache.Parent parent = parents.open(slash < 0 ? "" : path.substring(0, slash));
        return new Place(path, parent.directory(), parent.path(), parent.pathOf(name), name);
    }

    private static FornoException failure(TarEntry entry, IOException e) {
        String step = "extract \"" + entry.name() + "\"";
        boolean archivesFault = e instanceof ErrnoException errno
                && switch (errno.errno()) {
                    case ErrnoException.ENOENT,
                            ErrnoException.ENOTDIR,
                            ErrnoException.EISDIR,
                            ErrnoException.ELOOP,
                            ErrnoException.ENAMETOOLONG,
                            ErrnoException.EINVAL,
                            ErrnoException.EEXIST,
                            ErrnoException.EXDEV,
                            ErrnoException.EPERM,
                            ErrnoException.E2BIG,
                            ErrnoException.ERANGE -> true;
                    default -> false;
                };
        return archivesFault
                ? new FornoException(ErrorKind.INVALID_ARGUMENT, step + ": " + e.getMessage(), e)
                : Failures.of(step, e);
    }

    private void extractRoot(TarEntry entry) throws IOException {
        if (entry.type() != TarType.DIRECTORY) {
            throw EntryNames.refused(entry.name(), "the root can only be a directory");
        }
        try (Fd self = root.open(directory, Flags.O_RDONLY | Flags.O_DIRECTORY, 0)) {
            self.chown(entry.uid(), entry.gid());
            self.chmod(entry.mode());
        }
        topTime = entry.modified();
    }

    private void create(TarEntry entry, Place first, TarReader tar) throws IOException {
        Place place = first;
        try {
            make(entry, place, tar);
        } catch (ErrnoException e) {
            if (e.errno() != ErrnoException.EEXIST) {
                throw e;
            }
            boolean gone = replace(entry, place);
            parents.forget(); // what was replaced may have been a link on the way to it
            place = place(place.asked);
            if (gone) {
                make(entry, place, tar);
            }
        }
        if (entry.type() == TarType.DIRECTORY) {
            attributes(entry, place);
            times.described(place.path, entry.modified());
        } else if (entry.type() == TarType.FILE) {
            bytes += entry.size();
        } else if (entry.type() != TarType.HARD_LINK) {
            attributes(entry, place);
            place.parent.setTimes(place.name, accessed(entry), entry.modified());
        }
    }

    private void make(TarEntry entry, Place place, TarReader tar) throws IOException {
        Directory parent = place.parent;
        switch (entry.type()) {
            case FILE -> file(entry, place, tar);
            case DIRECTORY -> directory(entry, place);
            case SYMLINK -> parent.symlink(entry.linkName(), place.name);
            case HARD_LINK -> hardLink(entry, place);
            case FIFO -> parent.mknod(place.name, Flags.S_IFIFO | 0600, 0, 0);
            case CHARACTER_DEVICE -> parent.mknod(place.name, Flags.S_IFCHR | 0600, entry.major(), entry.minor());
            case BLOCK_DEVICE -> parent.mknod(place.name, Flags.S_IFBLK | 0600, entry.major(), entry.minor());
        }
    }

    private static void directory(TarEntry entry, Place place) throws IOException {
        if (place.parentPath.chars().filter(c -> c == '/').count() >= MAX_DEPTH - 1) {
            throw EntryNames.refused(entry.name(), "nested more than " + MAX_DEPTH + " directories deep");
        }
        place.parent.mkdir(place.name, 0755);
    }

    /** Deals with what is in the place already; false when it stays, a directory over a directory. */
    private boolean replace(TarEntry entry, Place place) throws IOException {
        FileStat existing = place.parent.stat(place.name);
        boolean directory = entry.type() == TarType.DIRECTORY;
        if (directory && existing.isDirectory()) {
            return false;
        }
        if (options.keepDirectories() && directory != existing.isDirectory()) {
            throw EntryNames.refused(
                    entry.name(),
                    directory
                            ? "cannot overwrite non-directory with directory"
                            : "cannot overwrite directory with non-directory");
        }
        boolean wasWhiteout = options.whiteouts() == Whiteouts.OVERLAY && WhiteoutNames.isDevice(existing);
        place.parent.removeAll(place.name);
        boolean opaque = directory && wasWhiteout;
        if (opaque) {
            // Removed below and made anew here: nothing from below may show through.
            place.parent.mkdir(place.name, 0755);
            WhiteoutNames.markOpaque(place.parent, place.name);
        }
        times.removed(place.path);
        return !opaque;
    }

    private void file(TarEntry entry, Place place, TarReader tar) throws IOException {
        int flags = Flags.O_WRONLY | Flags.O_CREAT | Flags.O_EXCL;
        try (Fd file = place.parent.open(place.name, flags, 0600)) {
            fill(file, entry, place, tar);
            file.chown(entry.uid(), entry.gid());
            file.chmod(entry.mode());
            EntryXattrs.set(entry, place.parent, place.name);
            file.setTimes(accessed(entry), entry.modified());
        }
    }

    /** A file whose content can't be written whole is not left behind: on a full disk it would keep it full. */
    private static void fill(Fd file, TarEntry entry, Place place, TarReader tar) throws IOException {
        try {
            FileSink sink = new FileSink(file);
            tar.copyTo(sink);
            if (sink.end() < entry.size()) {
                file.truncate(entry.size());
            }
        } catch (IOException e) {
            // told while it can still be seen which disk is full
            FornoException full = Failures.isFull(e) ? failure(entry, e) : null;
            try {
                place.parent.unlink(place.name);
            } catch (ErrnoException left) {
                e.addSuppressed(left);
            }
            if (full != null) {
                throw full;
            }
            throw e;
        }
    }

    private void hardLink(TarEntry entry, Place place) throws IOException {
        String target = inDirectory(EntryNames.clean(entry.linkName()));
        if (target.equals(directory)) {
            throw EntryNames.refused(entry.name(), "a hard link to the root directory");
        }
        EntryNames.requireNames(target, entry.name());
        int slash = target.lastIndexOf('/');
        try (Directory from = root.directory(slash < 0 ? "" : target.substring(0, slash))) {
            place.parent.link(from, target.substring(slash + 1), place.name);
        } catch (ErrnoException e) {
            if (e.errno() == ErrnoException.ENOENT) {
                throw EntryNames.refused(
                        entry.name(), "a hard link to \"" + entry.linkName() + "\", which is not in this archive");
            }
            throw e;
        }
    }

    private static void attributes(TarEntry entry, Place place) throws IOException {
        place.parent.chown(place.name, entry.uid(), entry.gid());
        if (entry.type() != TarType.SYMLINK) {
            place.parent.chmod(place.name, entry.mode());
        }
        EntryXattrs.set(entry, place.parent, place.name);
    }

    private void whiteout(Place place, TarEntry entry) throws IOException {
        String name = place.name.substring(WhiteoutNames.PREFIX.length());
        if (place.name.equals(WhiteoutNames.OPAQUE)) {
            opaque(place.parentPath);
        } else if (!place.name.startsWith(WhiteoutNames.META_PREFIX)) { // others are leftovers of AUFS
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                throw EntryNames.refused(entry.name(), "a whiteout of nothing");
            }
            Optional<FileStat> existing = place.parent.find(name);
            if (existing.isEmpty()) {
                place.parent.mknod(name, Flags.S_IFCHR, 0, 0);
            } else if (existing.get().isDirectory()) {
                WhiteoutNames.markOpaque(place.parent, name);
            }
            // else: this layer's own file, which hides the one below by itself
        }
    }

    private void opaque(String path) throws IOException {
        if (!path.isEmpty()) { // an opaque root is no different: attributes of overlay roots aren't read
            int slash = path.lastIndexOf('/');
            try (Directory above = root.plainDirectory(path.substring(0, Math.max(0, slash)))) {
                WhiteoutNames.markOpaque(above, path.substring(slash + 1));
            }
        }
    }

    /** A whiteout only removes what is below this layer, also when this layer then has files in such a directory. */
    private static boolean overWhiteout(Directory parent, String name) throws ErrnoException {
        if (!parent.find(name).filter(WhiteoutNames::isDevice).isPresent()) {
            return false;
        }
        parent.unlink(name);
        parent.mkdir(name, 0755);
        parent.chmod(name, 0755);
        WhiteoutNames.markOpaque(parent, name);
        return true;
    }

    private static Instant accessed(TarEntry entry) {
        Instant accessed = entry.accessed();
        return accessed == null ? entry.modified() : accessed;
    }

    private void finishDirectories() throws IOException {
        times.set(root);
        Instant top = topTime;
        if (top != null) {
            try (Fd self = root.open(directory, Flags.O_RDONLY | Flags.O_DIRECTORY, 0)) {
                self.setTimes(top, top);
            }
        }
    }

    /** Releases what was held open; the root stays open. */
    @Override
    public void close() {
        parents.forget();
    }
}
