package dev.forno.registry.upstreams;

import dev.forno.oci.FornoException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Work that is done once for everyone who asks for it at the same time. */
final class SharedWork<T> {
    private final Errands errands;
    private final ConcurrentHashMap<String, CompletableFuture<T>> running = new ConcurrentHashMap<>();

    SharedWork(Errands errands) {
        this.errands = errands;
    }

    /** Does the work, or waits for whoever does it already. */
    T run(String key, Supplier<T> work) throws InterruptedException {
        try {
            return begin(key, work).get();
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    /** The same, for so long at most; without a result the work goes on. */
    Optional<T> run(String key, Supplier<T> work, Duration limit) throws InterruptedException {
        try {
            return Optional.of(begin(key, work).get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private CompletableFuture<T> begin(String key, Supplier<T> work) {
        return running.computeIfAbsent(key, k -> {
            CompletableFuture<T> fresh = new CompletableFuture<>();
            errands.start("ask for " + key, () -> complete(key, fresh, work));
            return fresh;
        });
    }

    private static RuntimeException failure(ExecutionException e) {
        return e.getCause() instanceof FornoException refused
                ? new FornoException(refused.kind(), String.valueOf(refused.getMessage()), refused)
                : new IllegalStateException(e.getCause());
    }

    private void complete(String key, CompletableFuture<T> future, Supplier<T> work) {
        try {
            T result = errands.ask(work);
            running.remove(key);
            future.complete(result);
        } catch (RuntimeException | Error e) {
            running.remove(key);
            future.completeExceptionally(e);
        }
    }
}
