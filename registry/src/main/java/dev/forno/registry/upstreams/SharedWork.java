package dev.forno.registry.upstreams;

import dev.forno.oci.FornoException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
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
        CompletableFuture<T> future = running.computeIfAbsent(key, k -> {
            CompletableFuture<T> fresh = new CompletableFuture<>();
            errands.start("ask for " + key, () -> complete(key, fresh, work));
            return fresh;
        });
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FornoException refused) {
                throw new FornoException(refused.kind(), refused.getMessage(), refused);
            }
            throw new IllegalStateException(e.getCause());
        }
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
