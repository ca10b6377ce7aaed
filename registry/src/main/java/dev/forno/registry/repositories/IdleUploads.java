package dev.forno.registry.repositories;

import dev.forno.oci.FornoException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Uploads whose files are open though no request works on them, in the order of their last use. Of too many the first one is
 * closed: clients that break off and never come back must not use up the process's files. Thread-safe.
 */
final class IdleUploads {
    private static final Logger LOG = System.getLogger(IdleUploads.class.getName());

    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final SequencedSet<Upload> byUse = new LinkedHashSet<>();

    /** Keeps so many open. */
    IdleUploads(int most) {
        this.most = most;
    }

    /** A request is done with the upload and left its file open. */
    void add(Upload upload) {
        Upload first = null;
        lock.lock();
        try {
            byUse.addLast(upload);
            if (byUse.size() > most) {
                first = byUse.removeFirst();
            }
        } finally {
            lock.unlock();
        }
        if (first != null) {
            closeIfIdle(first); // else it comes back when its request is done
        }
    }

    /** What goes wrong with another upload is no failure of the request that made it go. */
    private static void closeIfIdle(Upload upload) {
        try {
            upload.closeIfIdle();
        } catch (FornoException e) {
            LOG.log(Level.WARNING, "let go of upload " + upload.id() + ": " + e.getMessage(), e);
        }
    }

    /** The upload's file is closed. */
    void remove(Upload upload) {
        lock.lock();
        try {
            byUse.remove(upload);
        } finally {
            lock.unlock();
        }
    }
}
