package dev.forno.linux.files;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.calls.Syscall;
import dev.forno.linux.calls.SyscallNumber;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kernel calls on files, over descriptor numbers. */
final class FileCalls {
    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_REMOVEDIR = 0x200;
    static final int AT_SYMLINK_FOLLOW = 0x400;
    static final int AT_EMPTY_PATH = 0x1000;

    private static final int RESOLVE_NO_MAGICLINKS = 0x02;
    private static final int RESOLVE_NO_SYMLINKS = 0x04;
    private static final int RESOLVE_IN_ROOT = 0x10;
    private static final int STATX_BASIC_AND_MOUNT = 0x7ff | 0x1000;
    private static final int UTIME_OMIT = 0x3ffffffe;
    private static final int MAX_RETRIES = 64;

    private FileCalls() {}

    static MemorySegment name(Arena arena, String name) {
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a zero character in the name \"" + name.replace("\0", "\\0") + "\"");
        }
        byte[] bytes = FileNames.encode(name);
        MemorySegment text = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, text, JAVA_BYTE, 0, bytes.length);
        return text;
    }

    /** Opens with the path confined to the directory: links, absolute ones too, resolve as after a chroot. */
    static int openInRoot(int dir, String path, int flags, int mode) throws ErrnoException {
        return openInRoot(dir, path, flags, mode, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
    }

    /** The same for a path without links: ELOOP when there is one. */
    static int openPlain(int dir, String path, int flags) throws ErrnoException {
        return openInRoot(dir, path, flags, 0, RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS);
    }

    private static int openInRoot(int dir, String path, int flags, int mode, long resolve) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment how = arena.allocate(24, 8);
            how.set(JAVA_LONG, 0, flags | Flags.O_CLOEXEC);
            how.set(JAVA_LONG, 8, (flags & Flags.O_CREAT) != 0 ? mode : 0);
            how.set(JAVA_LONG, 16, resolve);
            long text = name(arena, path.isEmpty() ? "." : path).address();
            long result = -ErrnoException.EAGAIN;
            // EAGAIN: something was renamed while ".." was resolved, and the kernel can't tell that it stayed inside.
            for (int i = 0;
                    i < MAX_RETRIES && (result == -ErrnoException.EAGAIN || result == -ErrnoException.EINTR);
                    i++) {
                result = Syscall.raw(SyscallNumber.OPENAT2, dir, text, how.address(), 24, 0, 0);
            }
            return (int) Syscall.check(
                    result, () -> "openat2(" + dir + ", \"" + path + "\", 0" + Integer.toOctalString(flags) + ")");
        }
    }

    /** Opens a single name, or an absolute path with {@link #AT_FDCWD}. */
    static int open(int dir, String name, int flags, int mode) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            long text = name(arena, name).address();
            long result = -ErrnoException.EINTR;
            while (result == -ErrnoException.EINTR) {
                result = Syscall.raw(SyscallNumber.OPENAT, dir, text, flags | Flags.O_CLOEXEC, mode, 0, 0);
            }
            return (int) Syscall.check(
                    result, () -> "openat(" + dir + ", \"" + name + "\", 0" + Integer.toOctalString(flags) + ")");
        }
    }

    static FileStat stat(int dir, String name, int flags) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment s = arena.allocate(256, 8);
            long result = Syscall.raw(
                    SyscallNumber.STATX,
                    dir,
                    name(arena, name).address(),
                    flags,
                    STATX_BASIC_AND_MOUNT,
                    s.address(),
                    0);
            Syscall.check(result, () -> "statx(" + dir + ", \"" + name + "\")");
            int mode = s.get(JAVA_SHORT, 28) & 0xFFFF;
            return new FileStat(
                    FileType.ofMode(mode),
                    mode & 07777,
                    s.get(JAVA_INT, 20),
                    s.get(JAVA_INT, 24),
                    s.get(JAVA_LONG, 40),
                    s.get(JAVA_LONG, 48),
                    s.get(JAVA_INT, 16),
                    s.get(JAVA_LONG, 32),
                    ((long) s.get(JAVA_INT, 136) << 32) | (s.get(JAVA_INT, 140) & 0xFFFFFFFFL),
                    s.get(JAVA_INT, 128),
                    s.get(JAVA_INT, 132),
                    time(s, 64),
                    time(s, 112),
                    time(s, 96),
                    s.get(JAVA_LONG, 144));
        }
    }

    private static Instant time(MemorySegment s, long at) {
        return Instant.ofEpochSecond(s.get(JAVA_LONG, at), s.get(JAVA_INT, at + 8));
    }

    /** A call of the form {@code f(dir, name, c, d)}. */
    static void named(SyscallNumber call, int dir, String name, long c, long d) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            long result = Syscall.raw(call, dir, name(arena, name).address(), c, d, 0, 0);
            Syscall.check(result, () -> callName(call) + "(" + dir + ", \"" + name + "\", " + c + ", " + d + ")");
        }
    }

    static void mknod(int dir, String name, int mode, int major, int minor) throws ErrnoException {
        // The kernel's encoding of a device number in 32 bits (new_encode_dev).
        long device = (minor & 0xff) | ((long) (major & 0xfff) << 8) | ((minor & ~0xffL) << 12);
        named(SyscallNumber.MKNODAT, dir, name, mode, device);
    }

    static void chown(int dir, String name, int uid, int gid, int flags) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            long text = name(arena, name).address();
            long result =
                    Syscall.raw(SyscallNumber.FCHOWNAT, dir, text, uid & 0xFFFFFFFFL, gid & 0xFFFFFFFFL, flags, 0);
            Syscall.check(result, () -> "fchownat(" + dir + ", \"" + name + "\", " + uid + ", " + gid + ")");
        }
    }

    /** Calls with two names: rename, link, symlink. */
    static void named2(SyscallNumber call, int dir, String name, int toDir, String to, int flags)
            throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            long first = name(arena, name).address();
            long second = name(arena, to).address();
            long result = Syscall.raw(call, dir, first, toDir, second, flags, 0);
            Syscall.check(
                    result, () -> callName(call) + "(" + dir + ", \"" + name + "\", " + toDir + ", \"" + to + "\")");
        }
    }

    static void symlink(String target, int dir, String name) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            long result = Syscall.raw(
                    SyscallNumber.SYMLINKAT,
                    name(arena, target).address(),
                    dir,
                    name(arena, name).address());
            Syscall.check(result, () -> "symlinkat(\"" + target + "\", " + dir + ", \"" + name + "\")");
        }
    }

    static String readlink(int dir, String name) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(4096);
            long result = Syscall.raw(
                    SyscallNumber.READLINKAT,
                    dir,
                    name(arena, name).address(),
                    buffer.address(),
                    buffer.byteSize(),
                    0,
                    0);
            long length = Syscall.check(result, () -> "readlinkat(" + dir + ", \"" + name + "\")");
            return FileNames.decode(buffer.asSlice(0, length).toArray(JAVA_BYTE));
        }
    }

    static void setTimes(int dir, String name, @Nullable Instant accessed, @Nullable Instant modified, int flags)
            throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment times = arena.allocate(32, 8);
            putTime(times, 0, accessed);
            putTime(times, 16, modified);
            long text = name.isEmpty() ? 0 : name(arena, name).address();
            long result = Syscall.raw(SyscallNumber.UTIMENSAT, dir, text, times.address(), flags, 0, 0);
            Syscall.check(result, () -> "utimensat(" + dir + ", \"" + name + "\", " + modified + ")");
        }
    }

    private static void putTime(MemorySegment times, long at, @Nullable Instant time) {
        times.set(JAVA_LONG, at, time == null ? 0 : time.getEpochSecond());
        times.set(JAVA_LONG, at + 8, time == null ? UTIME_OMIT : time.getNano());
    }

    /** The names in an open directory (not O_PATH), without "." and "..", in no order. */
    static List<String> list(int dir) throws ErrnoException {
        List<String> names = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(1 << 15, 8);
            while (true) {
                long result = Syscall.raw(SyscallNumber.GETDENTS64, dir, buffer.address(), buffer.byteSize());
                long length = Syscall.check(result, () -> "getdents64(" + dir + ")");
                if (length == 0) {
                    return names;
                }
                for (long at = 0; at < length; at += buffer.get(JAVA_SHORT, at + 16) & 0xFFFF) {
                    String name = nameAt(buffer, at + 19);
                    if (!name.equals(".") && !name.equals("..")) {
                        names.add(name);
                    }
                }
            }
        }
    }

    private static String nameAt(MemorySegment buffer, long from) {
        long end = from;
        while (buffer.get(JAVA_BYTE, end) != 0) {
            end++;
        }
        return FileNames.decode(buffer.asSlice(from, end - from).toArray(JAVA_BYTE));
    }

    static void close(int fd) throws ErrnoException {
        // Linux frees the number even when close reports EINTR.
        long result = Syscall.raw(SyscallNumber.CLOSE, fd, 0, 0);
        if (result != -ErrnoException.EINTR) {
            Syscall.check(result, () -> "close(" + fd + ")");
        }
    }

    private static String callName(SyscallNumber call) {
        return call.name().toLowerCase(java.util.Locale.ROOT);
    }
}
