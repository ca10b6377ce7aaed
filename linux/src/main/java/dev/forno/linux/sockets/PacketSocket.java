package dev.forno.linux.sockets;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.calls.Descriptors;
import dev.forno.linux.calls.Syscall;
import dev.forno.linux.calls.SyscallNumber;
import dev.forno.linux.events.Poller;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * A connected Unix socket that keeps message boundaries (SOCK_SEQPACKET), which the JDK doesn't have. One thread may
 * receive, another send, any close; waiting blocks a virtual thread only.
 */
public final class PacketSocket implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_SEQPACKET = 5;
    private static final int SHUT_WR = 1;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int ADDRESS_SIZE = 110;
    private static final int BUFFER_SIZE = 64 << 10;

    private final int fd;

    /** The same socket: the poller knows one waiter per descriptor, and a sender may wait beside a receiver. */
    private final int sending;

    private final MemorySegment input = Arena.ofAuto().allocate(BUFFER_SIZE);
    private final ReentrantLock lock = new ReentrantLock();
    private boolean closed;

    private PacketSocket(int fd, int sending) {
        this.fd = fd;
        this.sending = sending;
    }

    /** Connects to a socket whose path may be longer than a socket address. */
    public static PacketSocket connect(Path path) throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        if (directory == null) {
            throw new ErrnoException("connect(\"" + path + "\")", ErrnoException.EISDIR);
        }
        int at = Descriptors.open(directory.toString(), Descriptors.O_PATH);
        try {
            int fd = (int) Syscall.check(
                    Syscall.raw(
                            SyscallNumber.SOCKET,
                            AF_UNIX,
                            SOCK_SEQPACKET | Descriptors.O_CLOEXEC | Descriptors.O_NONBLOCK,
                            0),
                    () -> "socket(AF_UNIX, SOCK_SEQPACKET)");
            try {
                connect(fd, "/proc/self/fd/" + at + "/" + path.getFileName(), path);
                return new PacketSocket(fd, Descriptors.duplicate(fd, 0));
            } catch (ErrnoException e) {
                Descriptors.close(fd);
                throw e;
            }
        } finally {
            Descriptors.close(at);
        }
    }

    private static void connect(int fd, String name, Path path) throws ErrnoException {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= ADDRESS_SIZE - 2) {
            throw new ErrnoException("connect(\"" + path + "\")", ErrnoException.ENAMETOOLONG);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(ADDRESS_SIZE, 2);
            address.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(bytes, 0, address, JAVA_BYTE, 2, bytes.length);
            Syscall.check(
                    Syscall.raw(SyscallNumber.CONNECT, fd, address.address(), ADDRESS_SIZE),
                    () -> "connect(\"" + path + "\")");
        }
    }

    /** Waits for the next message; an empty array is the end, also after {@link #close}. */
    public byte[] receive() throws IOException {
        while (true) {
            long count = guarded(() -> Syscall.raw(SyscallNumber.RECVFROM, fd, input.address(), BUFFER_SIZE, 0, 0, 0));
            if (count >= 0) {
                return input.asSlice(0, count).toArray(JAVA_BYTE);
            }
            switch ((int) -count) {
                case ErrnoException.EBADF -> {
                    return new byte[0];
                }
                // the peer closed with messages of ours unread: said once, what it sent before is still to be read
                case ErrnoException.ECONNRESET, ErrnoException.EINTR -> {}
                case ErrnoException.EAGAIN -> {
                    if (!await(true)) {
                        return new byte[0];
                    }
                }
                default -> Syscall.check(count, () -> "recvfrom(" + fd + ")");
            }
        }
    }

    /** Sends one message, waiting while the peer's buffer is full. */
    public void send(byte[] bytes, int offset, int length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(Math.max(1, length));
            MemorySegment.copy(bytes, offset, data, JAVA_BYTE, 0, length);
            while (true) {
                long count = guarded(
                        () -> Syscall.raw(SyscallNumber.SENDTO, sending, data.address(), length, MSG_NOSIGNAL, 0, 0));
                if (count >= 0) {
                    return;
                }
                if (count == -ErrnoException.EAGAIN) {
                    if (!await(false)) {
                        throw new ClosedChannelException();
                    }
                } else if (count != -ErrnoException.EINTR) {
                    Syscall.check(count, () -> "sendto(" + fd + ", " + length + " bytes)");
                }
            }
        }
    }

    /** Says that no more messages will be sent; receiving goes on. Idempotent. */
    public void shutdownOutput() {
        guarded(() -> Syscall.raw(SyscallNumber.SHUTDOWN, fd, SHUT_WR, 0));
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                Poller.shared().forget(fd);
                Poller.shared().forget(sending);
                Descriptors.close(sending);
                Descriptors.close(fd);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A closed descriptor's number may already be another's: no call may use it. */
    private long guarded(LongSupplier call) {
        lock.lock();
        try {
            return closed ? -ErrnoException.EBADF : call.getAsLong();
        } finally {
            lock.unlock();
        }
    }

    /** Whether it became ready, rather than closed. */
    private boolean await(boolean receiving) throws IOException {
        CompletableFuture<?> ready;
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            ready = receiving ? Poller.shared().readable(fd) : Poller.shared().writable(sending);
        } finally {
            lock.unlock();
        }
        return Poller.shared().await(receiving ? fd : sending, ready);
    }
}
