package dev.forno.linux.processes;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.calls.Descriptors;
import dev.forno.linux.calls.Syscall;
import dev.forno.linux.calls.SyscallNumber;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file in memory that takes a child's output: no thread has to pump it, and it never blocks the child. */
public final class CapturedOutput implements AutoCloseable {
    private static final int MFD_CLOEXEC = 1;

    private final int fd;
    private boolean closed;

    private CapturedOutput(int fd) {
        this.fd = fd;
    }

    /** An empty one. */
    public static CapturedOutput open() throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            long name = Syscall.text(arena, "output").address();
            return new CapturedOutput((int) Syscall.check(
                    Syscall.raw(SyscallNumber.MEMFD_CREATE, name, MFD_CLOEXEC, 0), () -> "memfd_create(\"output\")"));
        }
    }

    /** The descriptor to map into the child. */
    public int descriptor() {
        return fd;
    }

    /** What was written until now. */
    public String text() throws IOException {
        return new String(Files.readAllBytes(Path.of("/proc/self/fd/" + fd)), StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Descriptors.close(fd);
        }
    }
}
