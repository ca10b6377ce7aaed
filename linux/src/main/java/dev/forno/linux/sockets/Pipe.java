package dev.forno.linux.sockets;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.calls.Descriptors;
import dev.forno.linux.calls.Syscall;
import dev.forno.linux.calls.SyscallNumber;
import dev.forno.linux.events.Poller;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A pipe of which one end is for a child process. */
public final class Pipe implements AutoCloseable {
    private final int read;
    private final int write;
    private boolean readClosed;
    private boolean writeClosed;

    private Pipe(int read, int write) {
        this.read = read;
        this.write = write;
    }

    /** A pipe whose ends are closed in children unless mapped. */
    public static Pipe open() throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(8, 4);
            Syscall.check(
                    Syscall.raw(SyscallNumber.PIPE2, ends.address(), Descriptors.O_CLOEXEC, 0),
                    () -> "pipe2(O_CLOEXEC)");
            return new Pipe(ends.get(ValueLayout.JAVA_INT, 0), ends.get(ValueLayout.JAVA_INT, 4));
        }
    }

    /** The descriptor of the reading end. */
    public int readEnd() {
        return read;
    }

    /** The descriptor of the writing end. */
    public int writeEnd() {
        return write;
    }

    /**
     * Waits for the next line, without its end; empty at the end of the data. For small messages: reads byte by byte, so
     * that nothing behind the line is taken. One thread at a time. Interruptible.
     */
    public Optional<String> readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocate(1);
            while (true) {
                Poller.shared().awaitReadable(read);
                long count = Syscall.check(
                        Syscall.raw(SyscallNumber.READ, read, one.address(), 1), () -> "read(pipe " + read + ")");
                byte b = one.get(ValueLayout.JAVA_BYTE, 0);
                if (count == 0) {
                    return line.size() == 0 ? Optional.empty() : Optional.of(line.toString(StandardCharsets.UTF_8));
                }
                if (b == '\n') {
                    return Optional.of(line.toString(StandardCharsets.UTF_8));
                }
                line.write(b);
            }
        }
    }

    /** Writes a short message: fewer bytes than a pipe holds, so it doesn't block. */
    public void write(byte[] bytes) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            Syscall.check(
                    Syscall.raw(SyscallNumber.WRITE, write, data.address(), bytes.length),
                    () -> "write(pipe " + write + ", " + bytes.length + ")");
        }
    }

    /** Closes the reading end. */
    public synchronized void closeRead() {
        if (!readClosed) {
            readClosed = true;
            Poller.shared().forget(read);
            Descriptors.close(read);
        }
    }

    /** Closes the writing end. */
    public synchronized void closeWrite() {
        if (!writeClosed) {
            writeClosed = true;
            Descriptors.close(write);
        }
    }

    @Override
    public void close() {
        closeRead();
        closeWrite();
    }
}
