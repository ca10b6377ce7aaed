package dev.forno;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;

/** What was opened, to be closed in reverse; goes on past failures. */
final class Closing implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Closing.class.getName());

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    synchronized <T extends AutoCloseable> T add(T resource) {
        opened.push(resource);
        return resource;
    }

    /** Closes everything. Idempotent. */
    @Override
    public synchronized void close() {
        while (!opened.isEmpty()) {
            AutoCloseable resource = opened.pop();
            long started = System.nanoTime();
            try {
                resource.close();
                LOG.log(
                        Level.DEBUG,
                        () -> "closed " + resource.getClass().getSimpleName() + " in "
                                + (System.nanoTime() - started) / 1_000_000 + " ms");
            } catch (Exception e) {
                LOG.log(Level.WARNING, "close: " + e.getMessage(), e);
            }
        }
    }
}
