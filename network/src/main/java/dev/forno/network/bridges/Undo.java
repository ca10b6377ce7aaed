package dev.forno.network.bridges;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The steps that take back what was done, last first. Used in a try block: what was not {@link #keep kept} at its end is
 * taken back; a failing step does not stop the ones after it.
 */
final class Undo implements AutoCloseable {
    private final Deque<Step> steps = new ArrayDeque<>();

    /** Takes one thing back. */
    interface Step {
        void run() throws IOException;
    }

    void add(Step step) {
        steps.push(step);
    }

    /** All went well: nothing is taken back. */
    void keep() {
        steps.clear();
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        while (!steps.isEmpty()) {
            try {
                steps.pop().run();
            } catch (IOException | RuntimeException e) {
                if (failure == null) {
                    failure = new IOException(e.getMessage(), e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
