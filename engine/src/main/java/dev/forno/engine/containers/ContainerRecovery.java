package dev.forno.engine.containers;

import dev.forno.network.endpoints.Endpoint;
import dev.forno.network.endpoints.NetworkSpec;
import dev.forno.network.endpoints.Recovery;
import dev.forno.runtime.tasks.ExitStatus;
import dev.forno.runtime.tasks.Task;
import dev.forno.runtime.tasks.TaskState;
import dev.forno.store.snapshots.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes records and machine agree, once, before anything is served: tasks that run are adopted, what ended meanwhile is
 * recorded, and what an earlier engine began and did not finish is undone.
 */
final class ContainerRecovery {
    private static final Logger LOG = System.getLogger(ContainerRecovery.class.getName());
    private static final Pattern CONTAINER_ID = Pattern.compile("[0-9a-f]{64}");

    /** The exit code of a process whose end nobody saw, as after a restart of the machine. */
    private static final int UNKNOWN_EXIT = 255;

    private final Parts parts;
    private final ContainerExits exits;
    private final ContainerRemoval removal;

    ContainerRecovery(Parts parts, ContainerExits exits, ContainerRemoval removal) {
        this.parts = parts;
        this.exits = exits;
        this.removal = removal;
    }

    /** Does it all. */
    void recover(List<NetworkSpec> networks) {
        removeUnrecordedTasks();
        Map<ContainerEntry, Task> adopted = new LinkedHashMap<>();
        List<ContainerEntry> gone = new ArrayList<>();
        for (ContainerEntry entry : parts.records().entries()) {
            if (entry.state().status().hasTask()) {
                if (!attempt("adopt container " + entry.id(), () -> parts.runtime()
                        .adopt(entry.id())
                        .ifPresentOrElse(t -> adopted.put(entry, t), () -> gone.add(entry)))) {
                    gone.add(entry);
                }
            }
        }
        recoverNetworks(networks, adopted);
        adopted.forEach((entry, task) -> attempt("adopt container " + entry.id(), () -> adopt(entry, task)));
        gone.forEach(entry -> attempt("record the end of container " + entry.id(), () -> endedUnseen(entry)));
        removeUnrecordedSnapshots();
        removeUnrecordedDirectories();
        removeEnded();
    }

    /** One container that can't be brought in order shall not keep the engine from serving the others. */
    private static boolean attempt(String what, Runnable step) {
        try {
            step.run();
            return true;
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "recovery: " + what + ": " + e.getMessage(), e);
            return false;
        }
    }

    private void removeUnrecordedTasks() {
        for (String id : parts.runtime().ids()) {
            boolean recorded = parts.records()
                    .byId(id)
                    .map(e -> e.state().status().hasTask())
                    .orElse(false);
            if (!recorded) {
                LOG.log(Level.INFO, "recovery: remove task " + id + ", which no running container owns");
                attempt("remove task " + id, () -> parts.runtime().adopt(id).ifPresent(Task::delete));
            }
        }
    }

    private void recoverNetworks(List<NetworkSpec> networks, Map<ContainerEntry, Task> adopted) {
        List<Endpoint> endpoints = adopted.entrySet().stream()
                .filter(a -> isAlive(a.getValue()))
                .map(a -> ContainerNetwork.endpoint(a.getKey().value()))
                .flatMap(Optional::stream)
                .toList();
        Recovery recovery = parts.networks().recover(networks, endpoints);
        recovery.warnings().forEach(w -> LOG.log(Level.WARNING, "recovery: " + w));
        recovery.lost()
                .forEach(e ->
                        LOG.log(Level.WARNING, "recovery: container " + e.containerId() + " has lost its network"));
    }

    private static boolean isAlive(Task task) {
        return task.state() == TaskState.RUNNING || task.state() == TaskState.PAUSED;
    }

    private void adopt(ContainerEntry entry, Task task) {
        switch (task.state()) {
            case RUNNING -> resume(entry, task, ContainerStatus.RUNNING);
            case PAUSED -> resume(entry, task, ContainerStatus.PAUSED);
            case CREATED -> undoStart(entry, task);
            case STOPPED -> {
                entry.setTask(task);
                ExitStatus status = task.exited().toCompletableFuture().join();
                entry.locked(() -> exits.ended(entry, task, status));
            }
        }
    }

    private void resume(ContainerEntry entry, Task task, ContainerStatus status) {
        entry.setTask(task);
        if (entry.state().status() != status) {
            parts.records()
                    .save(entry, ContainerChanges.in(entry.value(), ContainerChanges.with(entry.state(), status)));
        }
        exits.watch(entry, task);
    }

    /** The engine died between the record and the start: nobody was told that it runs. */
    private void undoStart(ContainerEntry entry, Task task) {
        LOG.log(
                Level.INFO,
                "recovery: undo the half-made start of container "
                        + entry.value().name());
        task.delete();
        Container c = entry.value();
        parts.records()
                .save(entry, ContainerChanges.in(c, ContainerState.NEW, ContainerChanges.disconnected(c.network())));
        parts.snapshotter().snapshot(c.id()).ifPresent(Snapshot::unmount);
    }

    private void endedUnseen(ContainerEntry entry) {
        Container c = entry.value();
        ContainerState state = ContainerChanges.ended(
                c.state(), UNKNOWN_EXIT, false, parts.clock().instant());
        parts.records().save(entry, ContainerChanges.in(c, state, ContainerChanges.disconnected(c.network())));
        parts.snapshotter().snapshot(c.id()).ifPresent(Snapshot::unmount);
    }

    /** Snapshots of containers that were never recorded or are no longer; others' have other keys. */
    private void removeUnrecordedSnapshots() {
        for (Snapshot snapshot : parts.snapshotter().snapshots()) {
            if (CONTAINER_ID.matcher(snapshot.key()).matches()
                    && parts.records().byId(snapshot.key()).isEmpty()) {
                LOG.log(Level.INFO, "recovery: remove file system " + snapshot.key() + ", which no container owns");
                attempt("remove file system " + snapshot.key(), snapshot::remove);
            }
        }
    }

    private void removeUnrecordedDirectories() {
        Set<String> found = new HashSet<>();
        if (!Files.isDirectory(parts.directory())) {
            return;
        }
        try (Stream<Path> children = Files.list(parts.directory())) {
            children.forEach(p -> found.add(p.getFileName().toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        found.stream()
                .filter(id -> parts.records().byId(id).isEmpty())
                .forEach(id -> attempt("remove directory of container " + id, () -> parts.directory(id)
                        .remove()));
    }

    /** Containers that remove themselves and ended while nobody watched, or whose removal was cut short. */
    private void removeEnded() {
        for (ContainerEntry entry : parts.records().entries()) {
            Container c = entry.value();
            boolean ended = c.state().status() == ContainerStatus.EXITED;
            if (ended && c.host().autoRemove()) {
                attempt(
                        "remove container " + entry.id(),
                        () -> entry.locked(() -> removal.remove(entry, new Containers.RemoveOptions(false, true))));
            }
        }
    }
}
