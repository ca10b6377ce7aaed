package dev.forno.registry.repositories;

import dev.forno.oci.Digest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Blobs that somebody asked for lately. A client looks for a blob, finds it, and only later pushes the manifest that needs
 * it: until then the blob has no user and must stay all the same.
 */
final class RecentUse {
    private final Duration grace;
    private final InstantSource clock;
    private final Map<String, Instant> used = new ConcurrentHashMap<>();
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    RecentUse(Duration grace, InstantSource clock) {
        this.grace = grace;
        this.clock = clock;
    }

    /**
     * Notes the use of a blob together with looking for it: no removal comes in between. What isn't found is not noted, so
     * that nobody fills the memory with digests of their own making.
     */
    <T> Optional<T> using(String repository, Digest digest, Supplier<Optional<T>> look) {
        lock.readLock().lock();
        try {
            Optional<T> found = look.get();
            if (found.isPresent()) {
                used.put(key(repository, digest.toString()), clock.instant());
            }
            return found;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Removes with no use being noted meanwhile. */
    <T> T removing(Supplier<T> removal) {
        lock.writeLock().lock();
        try {
            Instant before = clock.instant().minus(grace);
            used.values().removeIf(time -> time.isBefore(before));
            return removal.get();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Whether the blob must stay though it has no user. Only inside {@link #removing}. */
    boolean keeps(String repository, String digest, long linkedSeconds) {
        return used.containsKey(key(repository, digest))
                || clock.instant().minus(grace).getEpochSecond() < linkedSeconds;
    }

    private static String key(String repository, String digest) {
        return repository + "@" + digest;
    }
}
