package dev.forno.store.layers;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.failures.Failures;
import dev.forno.store.snapshots.Layer;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** A layer being installed on a platform thread of its own. Closing it stops it, if need be, and awaits its end. */
final class Installation implements AutoCloseable {
    private final FutureTask<Layer> task;
    private final @Nullable Thread thread;

    private Installation(FutureTask<Layer> task, @Nullable Thread thread) {
        this.task = task;
        this.thread = thread;
    }

    static Installation start(Callable<Layer> work) {
        FutureTask<Layer> task = new FutureTask<>(work);
        return new Installation(
                task, Thread.ofPlatform().daemon().name("store: install layer").start(task));
    }

    /** One whose layer was there before. */
    static Installation done(Layer layer) {
        FutureTask<Layer> task = new FutureTask<>(() -> layer);
        task.run();
        return new Installation(task, null);
    }

    /** What it failed by, when it has. */
    Optional<FornoException> failure() {
        return task.state() == Future.State.FAILED ? Optional.of(failed(task.exceptionNow())) : Optional.empty();
    }

    /** Waits for the layer. */
    Layer await() {
        try {
            return task.get();
        } catch (InterruptedException e) {
            throw Failures.cancelled("install layer");
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        }
    }

    private static FornoException failed(@Nullable Throwable failure) {
        return switch (failure) {
            case FornoException e -> e;
            case Error e -> throw e;
            case null, default -> new FornoException(ErrorKind.INTERNAL, "install layer: " + failure, failure);
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
