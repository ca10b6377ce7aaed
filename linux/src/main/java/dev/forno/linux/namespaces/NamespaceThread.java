package dev.forno.linux.namespaces;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A thread for one piece of work that changes its namespace, which ends with it. The work is kernel calls and little else: a
 * thread that the machine started from there would stay in the namespace.
 */
final class NamespaceThread {
    private NamespaceThread() {}

    static <T> T run(NetworkNamespace.Work<T> work) throws IOException {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().name("namespace").unstarted(() -> {
            try {
                result.complete(work.run());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        thread.start();
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw rethrow(e.getCause());
        } catch (InterruptedException e) {
            // the work is short and must not be abandoned half done
            try {
                return result.join();
            } catch (CompletionException failed) {
                throw rethrow(failed.getCause());
            } finally {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static IOException rethrow(@Nullable Throwable cause) {
        return switch (cause) {
            case IOException e -> e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> new IOException(cause);
        };
    }
}
