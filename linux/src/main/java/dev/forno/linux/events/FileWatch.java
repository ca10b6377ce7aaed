package dev.forno.linux.events;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.calls.Descriptors;
import dev.forno.linux.calls.Syscall;
import dev.forno.linux.calls.SyscallNumber;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells when something changes in directories (inotify). Changes that nobody has waited for are kept as one. One thread waits,
 * any adds or closes.
 */
public final class FileWatch implements AutoCloseable {
    /** No number of a watch: changes were too many to be told one by one. */
    public static final int MANY = -1;

    private static final int IN_MODIFY = 0x2;
    private static final int IN_MOVED_TO = 0x80;
    private static final int IN_CREATE = 0x100;
    private static final int EVENTS = IN_MODIFY | IN_MOVED_TO | IN_CREATE;
    private static final int BUFFER_SIZE = 16 << 10;
    private static final int HEADER_SIZE = 16;

    private final int fd;
    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_SIZE, 8);
    private final ReentrantLock lock = new ReentrantLock();
    private boolean closed;

    private FileWatch(int fd) {
        this.fd = fd;
    }

    /** A watch of nothing. */
    public static FileWatch open() throws ErrnoException {
        return new FileWatch((int) Syscall.check(
                Syscall.raw(SyscallNumber.INOTIFY_INIT1, Descriptors.O_CLOEXEC | Descriptors.O_NONBLOCK, 0, 0),
                () -> "inotify_init1()"));
    }

    /**
     * Watches for new names in a directory, and the content of its files; returns the number that {@link #await} tells. The
     * same directory gives the same number.
     */
    public int addDirectory(Path directory) throws ErrnoException {
        lock.lock();
        try (Arena arena = Arena.ofConfined()) {
            long name = Syscall.text(arena, directory.toString()).address();
            long result =
                    closed ? -ErrnoException.EBADF : Syscall.raw(SyscallNumber.INOTIFY_ADD_WATCH, fd, name, EVENTS);
            return (int) Syscall.check(result, () -> "inotify_add_watch(\"" + directory + "\")");
        } finally {
            lock.unlock();
        }
    }

    /** Stops watching; an unknown number is passed over. */
    public void remove(int number) {
        lock.lock();
        try {
            if (!closed) {
                Syscall.raw(SyscallNumber.INOTIFY_RM_WATCH, fd, number, 0);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for changes and returns the numbers of what changed, {@link #MANY} among them when the kernel told of more than
     * it could keep: anything may have changed then. Interruptible; fails after {@link #close}.
     */
    public Set<Integer> await() throws IOException {
        while (true) {
            CompletableFuture<?> readable;
            lock.lock();
            try {
                Set<Integer> numbers = read();
                if (!numbers.isEmpty()) {
                    return numbers;
                }
                // still under the lock: once closed, the descriptor's number may be another file's
                readable = Poller.shared().readable(fd);
            } finally {
                lock.unlock();
            }
            if (!Poller.shared().await(fd, readable)) {
                throw new ClosedChannelException();
            }
        }
    }

    /** What has changed, as {@link #await} tells it; empty when nothing has. Fails after {@link #close}. */
    public Set<Integer> changed() throws IOException {
        lock.lock();
        try {
            return read();
        } finally {
            lock.unlock();
        }
    }

    private Set<Integer> read() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        long count = Syscall.raw(SyscallNumber.READ, fd, buffer.address(), BUFFER_SIZE);
        if (count == -ErrnoException.EAGAIN) {
            return Set.of();
        }
        Syscall.check(count, () -> "read(inotify)");
        return numbers(count);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                Poller.shared().forget(fd);
                Descriptors.close(fd);
            }
        } finally {
            lock.unlock();
        }
    }

    private Set<Integer> numbers(long count) {
        Set<Integer> numbers = new HashSet<>();
        for (long at = 0; at + HEADER_SIZE <= count; ) {
            numbers.add(buffer.get(JAVA_INT, at));
            at += HEADER_SIZE + buffer.get(JAVA_INT, at + 12);
        }
        return numbers;
    }
}
