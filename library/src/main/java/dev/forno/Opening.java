package dev.forno;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Something that is opened on a thread of its own while others are, because it waits for programs or the disk. */
final class Opening<T extends AutoCloseable> implements AutoCloseable {
    private final FutureTask<T> task;
    private boolean handedOver;

    private Opening(FutureTask<T> task) {
        this.task = task;
    }

    /** Begins. */
    static <T extends AutoCloseable> Opening<T> begin(String name, Callable<T> open) {
        FutureTask<T> task = new FutureTask<>(open);
        Thread.ofPlatform().daemon().name(name).start(task);
        return new Opening<>(task);
    }

    /** Waits for it and hands it over: the caller closes it from now on. Throws what opening it threw. */
    T take() {
        T opened = await();
        handedOver = true;
        return opened;
    }

    private T await() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true; // it ends by itself, and soon
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Closes what was opened and nobody took. */
    @Override
    public void close() {
        if (!handedOver) {
            handedOver = true;
            T opened;
            try {
                opened = await();
            } catch (RuntimeException e) {
                return; // it wasn't opened, and something else is why the engine isn't
            }
            try (Closing closing = new Closing()) {
                closing.add(opened);
            }
        }
    }
}
