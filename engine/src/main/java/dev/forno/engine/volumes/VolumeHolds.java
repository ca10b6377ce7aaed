package dev.forno.engine.volumes;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which volumes containers in the making count on, whose records don't name them yet, and which volumes are on their way
 * out: never one volume both. Thread-safe.
 */
final class VolumeHolds {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stayed = lock.newCondition();
    private final Map<String, Integer> held = new HashMap<>();
    private final Set<String> leaving = new HashSet<>();

    /** Keeps a volume from being removed; waits while one of this name is. */
    void take(String name) {
        lock.lock();
        try {
            while (leaving.contains(name)) {
                stayed.await();
            }
            held.merge(name, 1, Integer::sum);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FornoException(ErrorKind.CANCELLED, "use volume " + name + ": cancelled", e);
        } finally {
            lock.unlock();
        }
    }

    /** Takes back one {@link #take}. */
    void release(String name) {
        lock.lock();
        try {
            held.computeIfPresent(name, (n, count) -> count == 1 ? null : count - 1);
        } finally {
            lock.unlock();
        }
    }

    /** Begins the removal of those of these volumes that nobody holds and nobody removes already; {@link #left} ends it. */
    List<String> leave(List<String> names) {
        lock.lock();
        try {
            List<String> taken = new ArrayList<>();
            for (String name : names) {
                if (!held.containsKey(name) && leaving.add(name)) {
                    taken.add(name);
                }
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** These volumes are gone, or stay after all. */
    void left(List<String> names) {
        lock.lock();
        try {
            names.forEach(leaving::remove);
            stayed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
