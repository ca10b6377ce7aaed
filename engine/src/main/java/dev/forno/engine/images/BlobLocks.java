package dev.forno.engine.images;

import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Lets one of several operations fetch a blob while the others wait for it. */
final class BlobLocks {
    private final Map<Digest, Counted> locks = new ConcurrentHashMap<>();

    /** Runs {@code work} while no other thread works on the blob; an interrupt throws {@link ErrorKind#CANCELLED}. */
    void whileHeld(Digest digest, Runnable work) {
        Counted counted = locks.compute(digest, (key, old) -> {
            Counted entry = old == null ? new Counted(new ReentrantLock(), 0) : old;
            return new Counted(entry.lock(), entry.users() + 1);
        });
        try {
            counted.lock().lockInterruptibly();
            try {
                work.run();
            } finally {
                counted.lock().unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FornoException(ErrorKind.CANCELLED, "wait for blob " + digest + ": cancelled", e);
        } finally {
            release(digest);
        }
    }

    private void release(Digest digest) {
        locks.computeIfPresent(
                digest, (key, entry) -> entry.users() == 1 ? null : new Counted(entry.lock(), entry.users() - 1));
    }

    private record Counted(ReentrantLock lock, int users) {}
}
