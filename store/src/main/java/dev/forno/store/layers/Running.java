package dev.forno.store.layers;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.failures.Failures;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Work that goes on on a platform thread of its own. Closing it stops it, if need be, and awaits its end. Thread-safe.
 *
 * @param <T> its result
 */
public final class Running<T> implements AutoCloseable {
    private final String step;
    private final FutureTask<T> task;
    private final @Nullable Thread thread;

    private Running(String step, FutureTask<T> task, @Nullable Thread thread) {
        this.step = step;
        this.task = task;
        this.thread = thread;
    }

    static <T> Running<T> start(String step, Callable<T> work) {
        return start(step, work, () -> {});
    }

    /** Begins; {@code ended} is called when it has ended, well or not, and the result can be had. */
    static <T> Running<T> start(String step, Callable<T> work, Runnable ended) {
        FutureTask<T> task = new FutureTask<>(work) {
            @Override
            protected void done() {
                ended.run();
            }
        };
        return new Running<>(
                step, task, Thread.ofPlatform().daemon().name("store: " + step).start(task));
    }

    /** Work whose result was there before. */
    static <T> Running<T> done(T result) {
        FutureTask<T> task = new FutureTask<>(() -> result);
        task.run();
        return new Running<>("", task, null);
    }

    /** Whether it has ended, well or not. */
    public boolean isDone() {
        return task.isDone();
    }

    /** What it failed by, when it has. */
    public Optional<FornoException> failure() {
        return task.state() == Future.State.FAILED ? Optional.of(failed(task.exceptionNow())) : Optional.empty();
    }

    /** Waits for the result. */
    public T await() {
        try {
            return task.get();
        } catch (InterruptedException e) {
            throw Failures.cancelled(step);
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        }
    }

    private FornoException failed(@Nullable Throwable failure) {
        return switch (failure) {
            case FornoException e -> e;
            case Error e -> throw e;
            case null, default -> new FornoException(ErrorKind.INTERNAL, step + ": " + failure, failure);
        };
    }

    @Override
    public void close() {
        boolean interrupted = false;
        while (thread != null && thread.isAlive()) {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
