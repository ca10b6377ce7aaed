package dev.forno;

import dev.forno.engine.images.GarbageRoots;
import dev.forno.oci.FornoException;
import dev.forno.store.Store;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * The collection of what a crash left in the store, once after a start. It runs beside the first requests, which it can't
 * disturb: what they begin to use is leased.
 */
final class Sweep implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Sweep.class.getName());

    private final Thread thread;

    private Sweep(Thread thread) {
        this.thread = thread;
    }

    /** Begins; every service has told what it needs by now. */
    static Sweep begin(GarbageRoots roots, Store store) {
        return new Sweep(Thread.ofPlatform().daemon().name("sweep").start(() -> collect(roots, store)));
    }

    private static void collect(GarbageRoots roots, Store store) {
        try {
            roots.collect(store);
        } catch (FornoException e) {
            // the next collection finds it again
            if (!Thread.currentThread().isInterrupted()) {
                LOG.log(Level.WARNING, "remove what nobody needs: " + e.getMessage(), e);
            }
        }
    }

    /** Cuts it off; what it left stays for the next start. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // whoever closes is in a hurry
        }
    }
}
