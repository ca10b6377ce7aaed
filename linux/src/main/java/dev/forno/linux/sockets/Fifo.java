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
    private Fifo() {}

    /**
     * Writes a message of at most 512 bytes, which arrives whole. {@link ErrnoException#ENXIO} when nobody reads,
     * {@link ErrnoException#EAGAIN} when the reader doesn't keep up.
     */
    public static void write(Path path, String message) throws ErrnoException {
        int fd = Descriptors.open(path.toString(), Descriptors.O_WRONLY | Descriptors.O_NONBLOCK);
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
            MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            Syscall.check(
                    Syscall.raw(SyscallNumber.WRITE, fd, data.address(), bytes.length),
                    () -> "write(\"" + path + "\", " + bytes.length + ")");
        } finally {
            Descriptors.close(fd);
        }
    }
}
