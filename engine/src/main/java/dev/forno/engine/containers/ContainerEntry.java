package dev.forno.engine.containers;

import dev.forno.runtime.tasks.Task;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One container in memory: the newest record, its task, who waits and who listens. Everything that changes the container
 * holds {@link #lock}; reading the value needs nothing.
 */
final class ContainerEntry {
    final Waiters waiters = new Waiters();
    final PendingAttachments pending = new PendingAttachments();
    final Map<String, ExecEntry> execs = new ConcurrentHashMap<>();
    /** How many look at the files of the stopped container, which keeps its file system mounted; under the lock. */
    int readers;

    /** How many restarts go on: the end of its task is only half of one, after which nothing is removed by itself. */
    final AtomicInteger restarts = new AtomicInteger();

    private final ReentrantLock lock = new ReentrantLock();
    private volatile Container value;
    private volatile @Nullable Task task;

    ContainerEntry(Container value) {
        this.value = value;
    }

    String id() {
        return value.id();
    }

    Container value() {
        return value;
    }

    ContainerState state() {
        return value.state();
    }

    void set(Container newValue) {
        this.value = newValue;
    }

    /** The live task, null when there is none. */
    @Nullable
    Task task() {
        return task;
    }

    /** Whether it is this very task that is live. */
    @SuppressWarnings("ReferenceEquality") // a task is an identity
    boolean isLive(Task other) {
        return task == other;
    }

    void setTask(@Nullable Task newTask) {
        this.task = newTask;
    }

    /** Runs {@code work} alone on this container. */
    void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    /** Runs {@code work} alone on this container and gives its result. */
    <T> T lockedGet(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
