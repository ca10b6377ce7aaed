package dev.forno.engine.containers;

import dev.forno.engine.containers.Tasks.Exit;
import dev.forno.runtime.tasks.ExitStatus;
import dev.forno.runtime.tasks.Task;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.function.BiConsumer;

/** What follows the end of a container's process: the state, the teardown, those who wait, the automatic removal. */
final class ContainerExits {
    private static final Logger LOG = System.getLogger(ContainerExits.class.getName());

    private final Parts parts;
    private final ContainerNetwork network;
    private final ContainerEvents events;
    private final BiConsumer<ContainerEntry, Boolean> removal;

    /**
     * Makes it.
     *
     * @param removal removes a stopped container, the flag says with its anonymous volumes; called under its lock
     */
    ContainerExits(Parts parts, ContainerNetwork network, BiConsumer<ContainerEntry, Boolean> removal) {
        this.parts = parts;
        this.network = network;
        this.events = new ContainerEvents(parts.events());
        this.removal = removal;
    }

    /** Handles the end of the task whenever it comes. */
    void watch(ContainerEntry entry, Task task) {
        task.exited().thenAccept(status -> Thread.ofVirtual()
                .name("exit-" + entry.id().substring(0, 12))
                .start(() -> handle(entry, task, status)));
    }

    private void handle(ContainerEntry entry, Task task, ExitStatus status) {
        entry.locked(() -> {
            if (entry.isLive(task)) {
                ended(entry, task, status);
            }
        });
    }

    /** Records the end and takes everything down; the caller holds the container's lock. */
    void ended(ContainerEntry entry, Task task, ExitStatus status) {
        Container before = entry.value();
        ContainerState state = ContainerChanges.ended(before.state(), status.code(), status.oomKilled(), status.time());
        Container after = ContainerChanges.in(before, state, ContainerChanges.disconnected(before.network()));
        boolean autoRemove = before.host().autoRemove() && entry.restarts.get() == 0;
        if (autoRemove) {
            entry.set(after); // its removal is what gets durable
        } else {
            attempt("record exit of", before, () -> parts.records().save(entry, after));
            entry.set(after);
        }
        entry.setTask(null);
        if (status.oomKilled()) {
            events.publish(after, "oom");
        }
        events.publish(after, "die", died(before, status));
        attempt("delete task of", before, task::delete);
        attempt("disconnect", before, () -> network.disconnect(before));
        if (entry.readers == 0) {
            attempt("unmount", before, () -> parts.snapshot(before.id()).unmount());
        }
        network.publish(before, "disconnect");
        before.mounts().stream()
                .filter(m -> m.type().equals("volume"))
                .forEach(m -> events.volume(before, "unmount", m));
        entry.pending.close();
        entry.waiters.exited(new Exit(status.code(), ""));
        if (autoRemove) {
            attempt("remove", before, () -> removal.accept(entry, true));
        }
    }

    private static Map<String, String> died(Container c, ExitStatus status) {
        long seconds = c.state().startedAt() == null
                ? 0
                : Math.max(
                        0,
                        java.time.Duration.between(c.state().startedAt(), status.time())
                                .toSeconds());
        return Map.of("exitCode", Integer.toString(status.code()), "execDuration", Long.toString(seconds));
    }

    private static void attempt(String what, Container c, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, what + " container " + c.id().substring(0, 12) + ": " + e.getMessage(), e);
        }
    }
}
