package dev.forno.engine.containers;

import dev.forno.engine.containers.Tasks.Exit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Who waits for a container's next exit or its removal. Thread-safe. */
final class Waiters {
    private List<CompletableFuture<Exit>> exits = new ArrayList<>();
    private List<CompletableFuture<Exit>> removals = new ArrayList<>();

    synchronized CompletableFuture<Exit> nextExit() {
        return added(exits);
    }

    synchronized CompletableFuture<Exit> removal() {
        return added(removals);
    }

    void exited(Exit exit) {
        List<CompletableFuture<Exit>> waiting;
        synchronized (this) {
            waiting = exits;
            exits = new ArrayList<>();
        }
        waiting.forEach(f -> f.complete(exit));
    }

    void removed(Exit exit) {
        exited(exit);
        endRemoval(exit);
    }

    /** The removal failed: who waits for it learns why. */
    void notRemoved(Exit exit) {
        endRemoval(exit);
    }

    private void endRemoval(Exit exit) {
        List<CompletableFuture<Exit>> waiting;
        synchronized (this) {
            waiting = removals;
            removals = new ArrayList<>();
        }
        waiting.forEach(f -> f.complete(exit));
    }

    private static CompletableFuture<Exit> added(List<CompletableFuture<Exit>> list) {
        list.removeIf(CompletableFuture::isDone); // those given up
        CompletableFuture<Exit> future = new CompletableFuture<>();
        list.add(future);
        return future;
    }
}
