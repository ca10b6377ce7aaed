package dev.forno.engine.containers;

import dev.forno.engine.containers.Containers.RemoveOptions;
import dev.forno.engine.containers.Tasks.Exit;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.Task;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;

/**
 * Removes containers. What can fail for a reason that a user can mend comes first; then the record goes, which is the
 * removal; what is left after it has no record and is removed at the latest by the next start.
 */
final class ContainerRemoval {
    private static final Logger LOG = System.getLogger(ContainerRemoval.class.getName());

    private final Parts parts;
    private final ContainerEvents events;

    ContainerRemoval(Parts parts) {
        this.parts = parts;
        this.events = new ContainerEvents(parts.events());
    }

    /** Checks that removal without force is allowed; the caller holds the lock. */
    static void requireStopped(ContainerEntry entry) {
        ContainerStatus status = entry.state().status();
        if (status == ContainerStatus.PAUSED) {
            throw new FornoException(
                    ErrorKind.CONFLICT,
                    "You cannot remove a paused container " + entry.id()
                            + ". Unpause and then stop the container before attempting removal or force remove");
        }
        if (status.hasTask()) {
            throw new FornoException(
                    ErrorKind.CONFLICT,
                    "You cannot remove a running container " + entry.id()
                            + ". Stop the container before attempting removal or force remove");
        }
    }

    /** Removes a container without task; the caller holds its lock. */
    void remove(ContainerEntry entry, RemoveOptions options) {
        Container c = entry.value();
        ContainerState before = c.state();
        entry.set(ContainerChanges.in(c, ContainerChanges.with(before, ContainerStatus.REMOVING)));
        List<String> volumes = options.volumes() ? parts.volumes().leave(anonymousVolumes(c), c.id()) : List.of();
        try {
            parts.runtime().adopt(c.id()).ifPresent(Task::delete); // left when a teardown failed
            parts.networks().detach(c.id());
            parts.snapshotter().snapshot(c.id()).ifPresent(s -> s.unmount());
            parts.records().forget(entry, tx -> parts.volumes().forget(tx, volumes));
        } catch (RuntimeException e) {
            parts.volumes().stay(volumes);
            entry.set(ContainerChanges.in(c, ContainerChanges.with(before, ContainerStatus.DEAD)));
            entry.waiters.notRemoved(new Exit(before.exitCode(), String.valueOf(e.getMessage())));
            throw e;
        }
        leave(c, () -> parts.volumes().forgotten(volumes));
        leave(c, () -> parts.snapshotter().snapshot(c.id()).ifPresent(s -> s.remove()));
        leave(c, () -> parts.directory(c.id()).remove());
        entry.pending.close();
        events.publish(c, "destroy");
        entry.waiters.removed(new Exit(before.exitCode(), ""));
    }

    private static List<String> anonymousVolumes(Container c) {
        return c.mounts().stream()
                .filter(MountPoint::anonymous)
                .map(MountPoint::name)
                .distinct()
                .toList();
    }

    private static void leave(Container c, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.log(
                    Level.WARNING,
                    "remove container " + c.id().substring(0, 12) + ": " + e.getMessage()
                            + "; the next start of the engine removes what is left",
                    e);
        }
    }
}
