package dev.forno.registry.upstreams;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Work for other registries' content that goes on without whoever asked for it, each on a thread of its own. Thread-safe. */
final class Errands implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Thread> asking = new HashSet<>();
    private boolean closed;

    /** Starts work; {@link ErrorKind#UNAVAILABLE} once this is closed. */
    void start(String what, Runnable work) {
        try {
            threads.execute(() -> {
                Thread.currentThread().setName(what);
                work.run();
            });
        } catch (RejectedExecutionException e) {
            throw new FornoException(ErrorKind.UNAVAILABLE, what + ": the registry is being stopped", e);
        }
    }

    /** Does the part of the work that takes as long as another registry likes: {@link #close} interrupts it. */
    <T> T ask(Supplier<T> part) {
        Thread thread = Thread.currentThread();
        enter(thread);
        try {
            return part.get();
        } finally {
            leave(thread);
        }
    }

    private void enter(Thread thread) {
        lock.lock();
        try {
            if (closed) {
                throw new FornoException(ErrorKind.CANCELLED, thread.getName() + ": the registry is being stopped");
            }
            asking.add(thread);
        } finally {
            lock.unlock();
        }
    }

    /** What follows is done to its end. */
    private void leave(Thread thread) {
        lock.lock();
        try {
            asking.remove(thread);
            Thread.interrupted();
        } finally {
            lock.unlock();
        }
    }

    /** Ends what is under way and waits for it. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            asking.forEach(Thread::interrupt);
        } finally {
            lock.unlock();
        }
        threads.close();
    }
}
