package dev.forno.engine.containers;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has to be taken back when a change of several steps fails, last step first. */
final class Undo {
    private final Deque<Runnable> steps = new ArrayDeque<>();

    void add(Runnable step) {
        steps.push(step);
    }

    /** Takes everything back, past failures, which are added to {@code cause}. */
    void run(Throwable cause) {
        while (!steps.isEmpty()) {
            try {
                steps.pop().run();
            } catch (RuntimeException e) {
                cause.addSuppressed(e);
            }
        }
    }
}
