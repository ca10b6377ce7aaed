package dev.forno.engine.images;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs tasks on virtual threads of their own and waits for all of them; the first failure cancels the others. */
final class Parallel {
    private Parallel() {}

    /** Returns when all tasks are done, or throws what the first failing one threw after all have ended. */
    static void run(String what, List<Runnable> tasks) {
        // Closing waits until all have ended, so that none works on after its operation.
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletionService<Boolean> done = new ExecutorCompletionService<>(executor);
            List<Future<Boolean>> futures = new ArrayList<>();
            tasks.forEach(task -> futures.add(done.submit(task, true)));
            try {
                for (int i = 0; i < futures.size(); i++) {
                    done.take().get();
                }
            } catch (InterruptedException e) {
                futures.forEach(future -> future.cancel(true));
                Thread.currentThread().interrupt();
                throw new FornoException(ErrorKind.CANCELLED, what + ": cancelled", e);
            } catch (ExecutionException e) {
                futures.forEach(future -> future.cancel(true));
                throw rethrown(what, e);
            }
        }
    }

    private static FornoException rethrown(String what, ExecutionException failure) {
        Throwable cause = failure.getCause();
        return switch (cause) {
            case FornoException e -> e;
            case Error e -> throw e;
            case null, default -> new FornoException(ErrorKind.INTERNAL, what + ": " + cause, cause);
        };
    }
}
