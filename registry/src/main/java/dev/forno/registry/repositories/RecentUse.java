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
 * Blobs and manifests that somebody asked for lately. A client looks for a blob, finds it, and only later pushes the manifest that needs
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
     * Notes the use together with looking for it: no removal comes in between. What isn't found is not noted, so
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
            return removal.get();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Forgets uses that counted no more at some time. Later ones stay, as nobody may have written them down. */
    void forgetOld(Instant then) {
        Instant before = then.minus(grace);
        used.values().removeIf(time -> time.isBefore(before));
    }

    /** When it was last used, as far as that is remembered. */
    Optional<Instant> last(String repository, String digest) {
        return Optional.ofNullable(used.get(key(repository, digest)));
    }

    /** Whether the blob must stay though it has no user. Only inside {@link #removing}. */
    boolean keeps(String repository, String digest, long linkedSeconds) {
        Instant before = clock.instant().minus(grace);
        return last(repository, digest).filter(time -> !time.isBefore(before)).isPresent()
                || before.getEpochSecond() < linkedSeconds;
    }

    private static String key(String repository, String digest) {
        return repository + "@" + digest;
    }
}
