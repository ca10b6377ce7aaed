package dev.forno.linux.files;

import dev.forno.linux.ErrnoException;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A directory that is the root of all paths given to it, as after a chroot: {@code ..} stops at it, absolute links start
 * at it, magic links are refused. Whatever the tree holds, and whoever changes it at the same time, no operation reaches
 * a file outside. Paths may begin with a slash or not. The last part of a path is never followed when it is a link,
 * except by {@link #open} (unless O_NOFOLLOW is given), {@link #directory} and {@link #statFollowing}. Thread-safe.
 */
public final class Root implements AutoCloseable {
    /** So many characters the kernel takes in one path, however many bytes they have. */
    private static final int LONGEST = 1000;

    private final Directory top;

    private Root(Directory top) {
        this.top = top;
    }

    /** Opens a directory of the host, whose own path is resolved as usual. */
    public static Root open(Path directory) throws ErrnoException {
        return new Root(new Directory(Fd.open(directory, Flags.O_PATH | Flags.O_DIRECTORY, 0)));
    }

    /** The root directory itself, for work on its direct children. It stays this object's. */
    public Directory top() {
        return top;
    }

    /** Opens a file; links are followed inside the root. The mode of a new file is lessened by the process's umask. */
    public Fd open(String path, int flags, int mode) throws ErrnoException {
        return new Fd(FileCalls.openInRoot(top.fd().number(), path, flags, mode));
    }

    /** Opens a directory; links are followed inside the root. The caller closes it. */
    public Directory directory(String path) throws ErrnoException {
        return new Directory(open(path, Flags.O_PATH | Flags.O_DIRECTORY, 0));
    }

    /** Opens a directory to which no link leads, however long its path is; ELOOP when there is a link on the way. */
    public Directory plainDirectory(String path) throws ErrnoException {
        int cut = path.length() <= LONGEST ? -1 : path.lastIndexOf('/', LONGEST);
        int end = cut < 0 ? path.length() : cut;
        int flags = Flags.O_PATH | Flags.O_DIRECTORY | Flags.O_NOFOLLOW;
        Directory first = new Directory(new Fd(FileCalls.openPlain(top.fd().number(), path.substring(0, end), flags)));
        if (cut < 0) {
            return first;
        }
        try (Root below = new Root(first)) {
            return below.plainDirectory(path.substring(cut + 1));
        }
    }

    /** A root at a directory of this one. */
    public Root root(String path) throws ErrnoException {
        return new Root(directory(path));
    }

    /** The attributes; a link's own if the path names one. */
    public FileStat stat(String path) throws ErrnoException {
        try (Fd file = open(path, Flags.O_PATH | Flags.O_NOFOLLOW, 0)) {
            return file.stat();
        }
    }

    /** The attributes of what the path leads to, through links. */
    public FileStat statFollowing(String path) throws ErrnoException {
        try (Fd file = open(path, Flags.O_PATH, 0)) {
            return file.stat();
        }
    }

    /** {@link #stat}, or empty when there is nothing at the path. */
    public Optional<FileStat> find(String path) throws ErrnoException {
        try {
            return Optional.of(stat(path));
        } catch (ErrnoException e) {
            if (e.errno() == ErrnoException.ENOENT || e.errno() == ErrnoException.ENOTDIR) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Reads a small file whole; links are followed inside the root.
     *
     * @param limit the largest size accepted in bytes; a larger file, or one that is not regular, is EINVAL
     */
    public byte[] readAll(String path, int limit) throws ErrnoException {
        try (Fd file = open(path, Flags.O_RDONLY | Flags.O_NONBLOCK, 0)) {
            FileStat stat = file.stat();
            if (!stat.isFile() || stat.size() > limit) {
                throw new ErrnoException(
                        "read \"" + path + "\": not a file of at most " + limit + " bytes", ErrnoException.EINVAL);
            }
            ByteArrayOutputStream all = new ByteArrayOutputStream((int) stat.size());
            byte[] buffer = new byte[8192];
            for (int n = file.read(buffer, 0, 8192); n >= 0; n = file.read(buffer, 0, 8192)) {
                all.write(buffer, 0, n);
                if (all.size() > limit) {
                    throw new ErrnoException(
                            "read \"" + path + "\": more than " + limit + " bytes", ErrnoException.EINVAL);
                }
            }
            return all.toByteArray();
        }
    }

    /** The names in a directory, in no order. */
    public List<String> list(String path) throws ErrnoException {
        try (Directory directory = directory(path)) {
            return directory.list();
        }
    }

    /** Makes a directory of exactly this mode. */
    public void mkdir(String path, int mode) throws ErrnoException {
        try (Place place = place(path)) {
            place.parent.mkdir(place.name, mode);
            place.parent.chmod(place.name, mode);
        }
    }

    /**
     * Makes a directory and the missing ones above it, each of exactly this mode. What exists stays as it is; a link is
     * followed inside the root, also to what isn't there yet. Returns the paths that were made, without links, outermost
     * first.
     */
    public List<String> mkdirAll(String path, int mode) throws ErrnoException {
        DirectoryMaker.Made made = new DirectoryMaker(this, mode, (parent, name) -> false).make(path);
        made.directory().close();
        return made.made();
    }

    /** Makes a file, device, fifo or socket: see {@link Directory#mknod}. */
    public void mknod(String path, int mode, int major, int minor) throws ErrnoException {
        try (Place place = place(path)) {
            place.parent.mknod(place.name, mode, major, minor);
        }
    }

    /** Makes a symbolic link; {@code target} is any text. */
    public void symlink(String target, String path) throws ErrnoException {
        try (Place place = place(path)) {
            place.parent.symlink(target, place.name);
        }
    }

    /** Gives the file {@code existing} the further name {@code path}; a link is linked itself. */
    public void link(String existing, String path) throws ErrnoException {
        try (Place from = place(existing);
                Place to = place(path)) {
            to.parent.link(from.parent, from.name, to.name);
        }
    }

    /** The target of a symbolic link. */
    public String readlink(String path) throws ErrnoException {
        try (Place place = place(path)) {
            return place.parent.readlink(place.name);
        }
    }

    /** Removes what is not a directory. */
    public void unlink(String path) throws ErrnoException {
        try (Place place = place(path)) {
            place.parent.unlink(place.name);
        }
    }

    /** Removes an empty directory. */
    public void rmdir(String path) throws ErrnoException {
        try (Place place = place(path)) {
            place.parent.rmdir(place.name);
        }
    }

    /** Removes a file, or a directory with everything in it; nothing happens when there is none. */
    public void removeAll(String path) throws ErrnoException {
        try (Place place = place(path)) {
            place.parent.removeAll(place.name);
        } catch (ErrnoException e) {
            if (e.errno() != ErrnoException.ENOENT) {
                throw e;
            }
        }
    }

    /** Moves; {@code flags} are 0 or the {@code RENAME_…} ones of {@link Flags}. */
    public void rename(String from, String to, int flags) throws ErrnoException {
        try (Place source = place(from);
                Place target = place(to)) {
            source.parent.rename(source.name, target.parent, target.name, flags);
        }
    }

    /** Sets the owner; -1 leaves one as it is. */
    public void chown(String path, int uid, int gid) throws ErrnoException {
        try (Fd file = open(path, Flags.O_PATH | Flags.O_NOFOLLOW, 0)) {
            file.chown(uid, gid);
        }
    }

    /** Sets the permission bits; EOPNOTSUPP for a link. */
    public void chmod(String path, int mode) throws ErrnoException {
        try (Place place = place(path)) {
            place.parent.chmod(place.name, mode);
        }
    }

    /** Sets the times; null leaves one as it is. */
    public void setTimes(String path, @Nullable Instant accessed, @Nullable Instant modified) throws ErrnoException {
        try (Place place = place(path)) {
            place.parent.setTimes(place.name, accessed, modified);
        }
    }

    /** The value of an extended attribute, or empty. */
    public Optional<byte[]> xattr(String path, String attribute) throws ErrnoException {
        try (Place place = place(path)) {
            return place.parent.xattr(place.name, attribute);
        }
    }

    /** Sets an extended attribute. */
    public void setXattr(String path, String attribute, byte[] value) throws ErrnoException {
        try (Place place = place(path)) {
            place.parent.setXattr(place.name, attribute, value);
        }
    }

    /** The names of the extended attributes. */
    public List<String> xattrs(String path) throws ErrnoException {
        try (Place place = place(path)) {
            return place.parent.xattrs(place.name);
        }
    }

    /** The open directory that holds the path's last part, and that part. */
    private record Place(Directory parent, String name) implements AutoCloseable {
        @Override
        public void close() throws ErrnoException {
            parent.close();
        }
    }

    private Place place(String path) throws ErrnoException {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        int slash = path.lastIndexOf('/', end - 1);
        String name = path.substring(slash + 1, end);
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw new ErrnoException("resolve \"" + path + "\": names no child of a directory", ErrnoException.EINVAL);
        }
        return new Place(directory(slash < 0 ? "" : path.substring(0, slash + 1)), name);
    }

    /** Closes the root. Idempotent. */
    @Override
    public void close() throws ErrnoException {
        top.close();
    }
}
