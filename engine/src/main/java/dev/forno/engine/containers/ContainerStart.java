package dev.forno.engine.containers;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.StartFailure;
import dev.forno.runtime.tasks.Task;
import dev.forno.store.snapshots.Snapshot;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Starts containers. The record says "running" before the process runs, so that a crash between the two is seen as a task
 * that waits to be started, which the next start of the engine undoes.
 */
final class ContainerStart {
    private static final Logger LOG = System.getLogger(ContainerStart.class.getName());

    private final Parts parts;
    private final ContainerNetwork network;
    private final ContainerExits exits;
    private final TaskSpecs specs;
    private final ContainerEvents events;

    ContainerStart(Parts parts, ContainerNetwork network, ContainerExits exits) {
        this.parts = parts;
        this.network = network;
        this.exits = exits;
        this.specs = new TaskSpecs(parts.records(), parts.volumes());
        this.events = new ContainerEvents(parts.events());
    }

    /** Starts it; the caller holds the container's lock. */
    void start(ContainerEntry entry) {
        switch (entry.state().status()) {
            case RUNNING ->
                throw new FornoException(
                        ErrorKind.NOT_MODIFIED,
                        "start container " + entry.value().name() + ": it runs already");
            case PAUSED ->
                throw new FornoException(ErrorKind.CONFLICT, "cannot start a paused container, try unpause instead");
            case REMOVING, DEAD ->
                throw new FornoException(ErrorKind.CONFLICT, "container is marked for removal and cannot be started");
            case CREATED, EXITED -> {}
        }
        Container before = entry.value();
        Undo undo = new Undo();
        try {
            launch(entry, undo);
        } catch (RuntimeException e) {
            entry.setTask(null);
            entry.pending.close();
            undo.run(e);
            fail(entry, before, e);
            throw e;
        }
    }

    private void launch(ContainerEntry entry, Undo undo) {
        Container c = entry.value();
        Snapshot snapshot = parts.snapshot(c.id());
        undo.add(snapshot::unmount);
        Path rootfs = snapshot.mount();
        c.mounts().forEach(ContainerStart::prepareSource);
        undo.add(() -> network.disconnect(c));
        ContainerNetwork.Place place = network.connect(c);
        ContainerDirectory own = parts.directory(c.id());
        Task task = parts.runtime().create(specs.of(c, rootfs, place.files(), place.namespace(), own));
        undo.add(task::delete);
        task.warnings().forEach(w -> LOG.log(Level.WARNING, "start container " + c.id().substring(0, 12) + ": " + w));
        Container running = ContainerChanges.in(
                c, ContainerChanges.running(task.pid(), parts.clock().instant()), place.settings());
        parts.records().save(entry, running);
        entry.setTask(task);
        entry.pending.connect(task);
        task.start();
        exits.watch(entry, task);
        network.publish(running, "connect");
        running.mounts().stream()
                .filter(m -> m.type().equals("volume"))
                .forEach(m -> events.volume(running, "mount", m));
        events.publish(running, "start");
    }

    /** Makes the missing directory of {@code -v}; throws when {@code --mount}'s source has disappeared. */
    static void prepareSource(MountPoint mount) {
        Path source = Path.of(mount.source());
        if (!mount.type().equals("bind") || Files.exists(source)) {
            return;
        }
        if (mount.mustExist()) {
            throw OptionChecks.invalid(
                    "invalid mount config for type \"bind\": bind source path does not exist: " + mount.source());
        }
        try {
            Files.createDirectories(source);
        } catch (IOException e) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "error while creating mount source path '" + mount.source() + "': " + e.getMessage(),
                    e);
        }
    }

    private void fail(ContainerEntry entry, Container before, RuntimeException cause) {
        int code = cause instanceof FornoException f ? StartFailure.exitCodeOf(f) : 128;
        ContainerState state = ContainerChanges.failed(before.state(), code, cause.getMessage());
        try {
            parts.records().save(entry, ContainerChanges.in(before, state));
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }
}
