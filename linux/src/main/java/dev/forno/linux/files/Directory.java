package dev.forno.linux.files;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.calls.Syscall;
import dev.forno.linux.calls.SyscallNumber;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An open directory. Every operation takes the name of a direct child, never a path, and never follows a link in it, so
 * nothing outside can be reached. Thread-safe while it is open.
 */
public final class Directory implements AutoCloseable {
    private final Fd fd;

    Directory(Fd fd) {
        this.fd = fd;
    }

    /** The descriptor, opened with O_PATH. It stays this object's. */
    public Fd fd() {
        return fd;
    }

    /** Opens the child directory {@code name}. */
    public Directory directory(String name) throws ErrnoException {
        int flags = Flags.O_PATH | Flags.O_DIRECTORY | Flags.O_NOFOLLOW;
        return new Directory(new Fd(FileCalls.open(fd.number(), child(name), flags, 0)));
    }

    /** Opens a child; a link is refused with ELOOP. The mode of a new file is lessened by the process's umask. */
    public Fd open(String name, int flags, int mode) throws ErrnoException {
        return new Fd(FileCalls.open(fd.number(), child(name), flags | Flags.O_NOFOLLOW, mode));
    }

    /** The child's attributes, a link's own if it is one. */
    public FileStat stat(String name) throws ErrnoException {
        return FileCalls.stat(fd.number(), child(name), FileCalls.AT_SYMLINK_NOFOLLOW);
    }

    /** The child's attributes, or empty when there is none. */
    public Optional<FileStat> find(String name) throws ErrnoException {
        try {
            return Optional.of(stat(name));
        } catch (ErrnoException e) {
            if (e.errno() == ErrnoException.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The names of the children, in no order. */
    public List<String> list() throws ErrnoException {
        try (Fd readable = new Fd(FileCalls.open(fd.number(), ".", Flags.O_RDONLY | Flags.O_DIRECTORY, 0))) {
            return FileCalls.list(readable.number());
        }
    }

    /** Makes a directory; the mode is lessened by the process's umask. */
    public void mkdir(String name, int mode) throws ErrnoException {
        FileCalls.named(SyscallNumber.MKDIRAT, fd.number(), child(name), mode, 0);
    }

    /**
     * Makes a file, device, fifo or socket.
     *
     * @param mode the type ({@code S_IF…}) and the permission bits, lessened by the umask
     */
    public void mknod(String name, int mode, int major, int minor) throws ErrnoException {
        FileCalls.mknod(fd.number(), child(name), mode, major, minor);
    }

    /** Makes a symbolic link; {@code target} is any text. */
    public void symlink(String target, String name) throws ErrnoException {
        FileCalls.symlink(target, fd.number(), child(name));
    }

    /** The target of a symbolic link. */
    public String readlink(String name) throws ErrnoException {
        return FileCalls.readlink(fd.number(), child(name));
    }

    /** Gives the child {@code name} of {@code from} a further name here; a link is linked itself, not what it points to. */
    public void link(Directory from, String name, String newName) throws ErrnoException {
        FileCalls.named2(SyscallNumber.LINKAT, from.fd.number(), child(name), fd.number(), child(newName), 0);
    }

    /** Moves a child to {@code to}; {@code flags} are 0 or the {@code RENAME_…} ones. */
    public void rename(String name, Directory to, String newName, int flags) throws ErrnoException {
        FileCalls.named2(SyscallNumber.RENAMEAT2, fd.number(), child(name), to.fd.number(), child(newName), flags);
    }

    /** Removes a child that is not a directory. */
    public void unlink(String name) throws ErrnoException {
        FileCalls.named(SyscallNumber.UNLINKAT, fd.number(), child(name), 0, 0);
    }

    /** Removes an empty directory. */
    public void rmdir(String name) throws ErrnoException {
        FileCalls.named(SyscallNumber.UNLINKAT, fd.number(), child(name), FileCalls.AT_REMOVEDIR, 0);
    }

    /** Removes a child with everything in it; nothing happens when there is none. Follows no link, enters no mount. */
    public void removeAll(String name) throws ErrnoException {
        new TreeRemoval(stat()).remove(this, child(name));
    }

    private FileStat stat() throws ErrnoException {
        return fd.stat();
    }

    /** Sets the owner of the child itself; -1 leaves one as it is. Clears setuid and capabilities, as the kernel does. */
    public void chown(String name, int uid, int gid) throws ErrnoException {
        FileCalls.chown(fd.number(), child(name), uid, gid, FileCalls.AT_SYMLINK_NOFOLLOW);
    }

    /** Sets the permission bits with setuid, setgid and sticky; EOPNOTSUPP for a symbolic link, which has none. */
    public void chmod(String name, int mode) throws ErrnoException {
        try {
            FileCalls.named(SyscallNumber.FCHMODAT2, fd.number(), child(name), mode, FileCalls.AT_SYMLINK_NOFOLLOW);
        } catch (ErrnoException e) {
            if (e.errno() != ErrnoException.ENOSYS) {
                throw e;
            }
            chmodByDescriptor(name, mode); // before Linux 6.6
        }
    }

    private void chmodByDescriptor(String name, int mode) throws ErrnoException {
        try (Fd file = open(name, Flags.O_PATH, 0)) {
            if (file.stat().isSymlink()) {
                throw new ErrnoException("fchmodat(\"" + name + "\", nofollow)", ErrnoException.EOPNOTSUPP);
            }
            FileCalls.named(
                    SyscallNumber.FCHMODAT, FileCalls.AT_FDCWD, file.path().toString(), mode, 0);
        }
    }

    /** Sets the times of the child itself; null leaves one as it is. */
    public void setTimes(String name, @Nullable Instant accessed, @Nullable Instant modified) throws ErrnoException {
        FileCalls.setTimes(fd.number(), child(name), accessed, modified, FileCalls.AT_SYMLINK_NOFOLLOW);
    }

    /** The value of an extended attribute of the child itself, or empty. */
    public Optional<byte[]> xattr(String name, String attribute) throws ErrnoException {
        return XattrCalls.get(childPath(name), attribute);
    }

    /** Sets an extended attribute of the child itself. */
    public void setXattr(String name, String attribute, byte[] value) throws ErrnoException {
        XattrCalls.set(childPath(name), attribute, value);
    }

    /** The names of the extended attributes of the child itself. */
    public List<String> xattrs(String name) throws ErrnoException {
        return XattrCalls.list(childPath(name));
    }

    /** Waits until the directory's entries are on the disk. */
    public void sync() throws IOException {
        try (Fd readable = new Fd(FileCalls.open(fd.number(), ".", Flags.O_RDONLY | Flags.O_DIRECTORY, 0))) {
            Syscall.check(Syscall.raw(SyscallNumber.FSYNC, readable.number(), 0, 0), () -> "fsync(" + readable + ")");
        }
    }

    private String childPath(String name) {
        return "/proc/self/fd/" + fd.number() + "/" + child(name);
    }

    private static String child(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
            throw new IllegalArgumentException("not the name of a child: \"" + name + "\"");
        }
        return name;
    }

    /** Closes the directory. Idempotent. */
    @Override
    public void close() throws ErrnoException {
        fd.close();
    }
}
