package dev.forno.store.workers;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.failures.Failures;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs long work with many kernel calls on a platform thread: on a virtual one it would keep its carrier from everyone
 * else until it is done. The thread's stack suffices for trees as deep as an archive may be.
 */
public final class Workers {
    /** Bytes; of these only what is used takes memory. */
    private static final long STACK = 16L << 20;

    private Workers() {}

    /** Runs the work and waits for it; an interrupt of the waiting thread interrupts the work and waits for its end. */
    public static <T> T run(String step, Callable<T> work) {
        if (Thread.currentThread() instanceof Worker) {
            return call(step, work);
        }
        FutureTask<T> task = new FutureTask<>(work);
        Thread worker = new Worker(task, "store: " + step);
        if (Thread.currentThread().isInterrupted()) {
            worker.interrupt(); // waiting would not notice it when the work is quick
        }
        worker.start();
        try {
            return task.get();
        } catch (InterruptedException e) {
            worker.interrupt();
            joinUninterruptibly(worker);
            throw Failures.cancelled(step);
        } catch (ExecutionException e) {
            throw translate(step, java.util.Objects.requireNonNull(e.getCause()));
        }
    }

    /** {@link #run} for work with no result. */
    public static void run(String step, Work work) {
        run(step, () -> {
            work.run();
            return true;
        });
    }

    private static final class Worker extends Thread {
        Worker(Runnable task, String name) {
            super(null, task, name, STACK);
            setDaemon(true);
        }
    }

    /** Work with no result. */
    public interface Work {
        /** Does it. */
        void run() throws Exception;
    }

    private static <T> T call(String step, Callable<T> work) {
        try {
            return work.call();
        } catch (Exception e) {
            throw translate(step, e);
        }
    }

    private static RuntimeException translate(String step, Throwable cause) {
        return switch (cause) {
            case Error e -> throw e;
            case RuntimeException e -> e;
            case java.io.IOException e -> Failures.of(step, e);
            default -> new FornoException(ErrorKind.INTERNAL, step + ": " + cause.getMessage(), cause);
        };
    }

    private static void joinUninterruptibly(Thread worker) {
        boolean joined = false;
        while (!joined) {
            try {
                worker.join();
                joined = true;
            } catch (InterruptedException e) {
                worker.interrupt(); // asked again; the caller's flag is set when this returns
            }
        }
    }
}
