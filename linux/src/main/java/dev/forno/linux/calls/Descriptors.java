package dev.forno.linux.calls;

import dev.forno.linux.ErrnoException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Calls on bare descriptors that several kernel areas need. A failure to close is not reported: nothing can be done. */
public final class Descriptors {
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;
    public static final int O_PATH = 0x200000;

    private static final int AT_FDCWD = -100;
    private static final int F_DUPFD_CLOEXEC = 1030;

    private Descriptors() {}

    /** Opens a trusted path. {@code O_CLOEXEC} is added. */
    public static int open(String path, int flags) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = Syscall.text(arena, path);
            return (int) Syscall.check(
                    Syscall.raw(SyscallNumber.OPENAT, AT_FDCWD, name.address(), (long) flags | O_CLOEXEC),
                    () -> "open(\"" + path + "\", 0x" + Integer.toHexString(flags) + ")");
        }
    }

    /** A second descriptor, at least {@code minimum}, for the same open file. */
    public static int duplicate(int fd, int minimum) throws ErrnoException {
        return (int) Syscall.check(
                Syscall.raw(SyscallNumber.FCNTL, fd, F_DUPFD_CLOEXEC, minimum),
                () -> "fcntl(" + fd + ", F_DUPFD_CLOEXEC)");
    }

    /** Closes it. */
    public static void close(int fd) {
        Syscall.raw(SyscallNumber.CLOSE, fd, 0, 0);
    }
}
