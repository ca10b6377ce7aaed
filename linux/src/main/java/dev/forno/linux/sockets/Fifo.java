package dev.forno.linux.sockets;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.calls.Descriptors;
import dev.forno.linux.calls.Syscall;
import dev.forno.linux.calls.SyscallNumber;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Named pipes as control channels: short messages to whoever reads. */
public final class Fifo {
    private static final long FIONREAD = 0x541b;

    private Fifo() {}

    /**
     * Writes a message of at most 512 bytes, which arrives whole, if the reader has taken all earlier ones; whether it did.
     * {@link ErrnoException#ENXIO} when nobody reads.
     */
    public static boolean writeIfEmpty(Path path, String message) throws ErrnoException {
        int fd = open(path);
        try {
            boolean empty = isEmpty(fd, path);
            if (empty) {
                write(fd, path, message);
            }
            return empty;
        } finally {
            Descriptors.close(fd);
        }
    }

    /** Whether the reader has taken every message. {@link ErrnoException#ENXIO} when nobody reads. */
    public static boolean isEmpty(Path path) throws ErrnoException {
        int fd = open(path);
        try {
            return isEmpty(fd, path);
        } finally {
            Descriptors.close(fd);
        }
    }

    private static int open(Path path) throws ErrnoException {
        return Descriptors.open(path.toString(), Descriptors.O_WRONLY | Descriptors.O_NONBLOCK);
    }

    private static void write(int fd, Path path, String message) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
            MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            Syscall.check(
                    Syscall.raw(SyscallNumber.WRITE, fd, data.address(), bytes.length),
                    () -> "write(\"" + path + "\", " + bytes.length + ")");
        }
    }

    private static boolean isEmpty(int fd, Path path) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment unread = arena.allocate(ValueLayout.JAVA_INT);
            Syscall.check(
                    Syscall.raw(SyscallNumber.IOCTL, fd, FIONREAD, unread.address()),
                    () -> "ioctl(\"" + path + "\", FIONREAD)");
            return unread.get(ValueLayout.JAVA_INT, 0) == 0;
        }
    }
}
