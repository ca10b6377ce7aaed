package dev.forno.linux.events;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.calls.Syscall;
import dev.forno.linux.calls.SyscallNumber;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Waits for readiness of any number of descriptors on one platform thread (epoll), so that virtual threads can wait for
 * what the JDK has no channel for. Each descriptor may have one waiter at a time. Thread-safe.
 */
public final class Poller {
    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLLIN = 1;
    private static final int EPOLLOUT = 4;
    private static final int EPOLLONESHOT = 1 << 30;
    private static final int BATCH = 64;

    /** {@code struct epoll_event} is packed on x86-64 alone. */
    private static final int DATA_OFFSET = System.getProperty("os.arch", "").equals("amd64") ? 4 : 8;

    private static final int EVENT_SIZE = DATA_OFFSET + 8;

    /**
     * A wait; the serial number tells it from an earlier one on a descriptor of the same number, whose event may still be
     * in a batch.
     */
    private record Waiter(int serial, CompletableFuture<@Nullable Void> future) {}

    private static final class Shared {
        static final Poller POLLER = new Poller();
    }

    private final int epoll;
    private final ConcurrentHashMap<Integer, Waiter> waiters = new ConcurrentHashMap<>();
    private final AtomicInteger serial = new AtomicInteger();

    private Poller() {
        try {
            epoll = (int) Syscall.check(
                    Syscall.raw(SyscallNumber.EPOLL_CREATE1, EPOLL_CLOEXEC, 0, 0),
                    () -> "epoll_create1(EPOLL_CLOEXEC)");
        } catch (ErrnoException e) {
            throw new IllegalStateException(e);
        }
        Thread.ofPlatform().daemon().name("forno-poller").start(this::loop);
    }

    /** The one poller of the process; its thread starts with the first use. */
    public static Poller shared() {
        return Shared.POLLER;
    }

    /** Completes when reading would not block. What depends on it runs on the poller's thread and must not block. */
    public CompletableFuture<@Nullable Void> readable(int fd) throws ErrnoException {
        return when(fd, EPOLLIN);
    }

    /** Completes when writing would not block. */
    public CompletableFuture<@Nullable Void> writable(int fd) throws ErrnoException {
        return when(fd, EPOLLOUT);
    }

    /** Waits until reading would not block. Interruptible; fails when {@link #forget} ends the wait. */
    public void awaitReadable(int fd) throws IOException {
        if (!await(fd, readable(fd))) {
            throw new ClosedChannelException();
        }
    }

    /**
     * Waits for what {@link #readable} or {@link #writable} gave. Interruptible.
     *
     * @return whether the descriptor became ready, rather than forgotten
     */
    public boolean await(int fd, Future<?> ready) throws ClosedByInterruptException {
        try {
            ready.get();
            return true;
        } catch (InterruptedException e) {
            forget(fd);
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        } catch (ExecutionException e) {
            return false;
        }
    }

    /** Ends a wait with {@link ClosedChannelException}; to be called before the descriptor is closed. */
    public void forget(int fd) {
        Waiter waiter = waiters.remove(fd);
        if (waiter != null) {
            control(EPOLL_CTL_DEL, fd, 0, 0);
            waiter.future.completeExceptionally(new ClosedChannelException());
        }
    }

    private CompletableFuture<@Nullable Void> when(int fd, int events) throws ErrnoException {
        Waiter waiter = new Waiter(serial.incrementAndGet(), new CompletableFuture<>());
        if (waiters.putIfAbsent(fd, waiter) != null) {
            throw new IllegalStateException("descriptor " + fd + " is waited for already");
        }
        long result = control(EPOLL_CTL_ADD, fd, waiter.serial, events | EPOLLONESHOT);
        if (result < 0) {
            waiters.remove(fd);
            Syscall.check(result, () -> "epoll_ctl(ADD, " + fd + ")");
        }
        return waiter.future;
    }

    private long control(int operation, int fd, int serialNumber, int events) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(16, 8);
            event.set(JAVA_INT, 0, events);
            event.set(JAVA_LONG_UNALIGNED, DATA_OFFSET, (long) serialNumber << 32 | fd);
            return Syscall.raw(SyscallNumber.EPOLL_CTL, epoll, operation, fd, event.address(), 0, 0);
        }
    }

    private void loop() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment events = arena.allocate((long) EVENT_SIZE * BATCH, 8);
            while (true) {
                long count = Syscall.raw(SyscallNumber.EPOLL_PWAIT, epoll, events.address(), BATCH, -1, 0, 8);
                for (int i = 0; i < count; i++) {
                    fire(events.get(JAVA_LONG_UNALIGNED, (long) i * EVENT_SIZE + DATA_OFFSET));
                }
            }
        }
    }

    private void fire(long data) {
        int fd = (int) data;
        Waiter waiter = waiters.get(fd);
        if (waiter != null && waiter.serial == data >> 32 && waiters.remove(fd, waiter)) {
            control(EPOLL_CTL_DEL, fd, 0, 0);
            waiter.future.complete(null);
        }
    }
}
