package dev.forno.engine.containers;

import dev.forno.engine.Filters;
import dev.forno.engine.Moments;
import dev.forno.engine.Trial;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.Task;
import dev.forno.store.snapshots.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Containers as records. */
final class ContainerService implements Containers {
    private static final Set<String> PRUNE_FILTERS = Set.of("until", "label", "label!");

    private final Parts parts;
    private final ContainerCreation creation;
    private final ContainerRemoval removal;
    private final TaskService tasks;
    private final ContainerEvents events;

    ContainerService(Parts parts, ContainerCreation creation, ContainerRemoval removal, TaskService tasks) {
        this.parts = parts;
        this.creation = creation;
        this.removal = removal;
        this.tasks = tasks;
        this.events = new ContainerEvents(parts.events());
    }

    @Override
    public Created create(CreateRequest request) {
        return creation.create(request);
    }

    @Override
    public Container get(String ref) {
        ContainerEntry entry = parts.records().find(ref);
        return ContainerChanges.withExecs(
                entry.value(), entry.execs.keySet().stream().sorted().toList());
    }

    @Override
    public List<Container> list(ContainerQuery query) {
        return new ContainerFilter(parts.records(), parts.images(), query.filters()).apply(query);
    }

    @Override
    public void rename(String ref, String newName) {
        ContainerEntry entry = parts.records().find(ref);
        if (newName.isEmpty()) {
            throw OptionChecks.invalid("Neither old nor new names may be empty");
        }
        String name = ContainerNames.checked(newName);
        entry.locked(() -> {
            String oldName = entry.value().name();
            if (name.equals(oldName)) {
                throw OptionChecks.invalid("Renaming a container with the same name as its current name");
            }
            parts.records().reserve(name, entry.id());
            try {
                parts.records().save(entry, ContainerChanges.named(entry.value(), name));
            } catch (RuntimeException e) {
                parts.records().release(name, entry.id());
                throw e;
            }
            parts.records().release(oldName, entry.id());
            events.publish(entry.value(), "rename", Map.of("oldName", "/" + oldName));
        });
    }

    @Override
    public List<String> update(String ref, Resources resources, HostOptions.@Nullable RestartPolicy restart) {
        ContainerEntry entry = parts.records().find(ref);
        if (restart != null) {
            Refusals.restart(restart);
        }
        return entry.lockedGet(() -> {
            Resources updated = ResourceLimits.updated(entry.value().host().resources(), resources);
            HostOptions host = entry.value().host().withResources(updated);
            List<String> warnings = new OptionChecks(parts.processors()).check(ContainerConfig.of(""), host);
            Task task = entry.task();
            if (task != null) {
                task.update(ResourceLimits.of(updated));
            }
            parts.records().save(entry, ContainerChanges.limited(entry.value(), host));
            events.publish(entry.value(), "update");
            return warnings;
        });
    }

    @Override
    public void remove(String ref, RemoveOptions options) {
        ContainerEntry entry = parts.records().find(ref);
        if (options.force()) {
            tasks.killNow(entry);
        }
        entry.locked(() -> {
            if (!parts.records().holds(entry)) {
                if (!options.force()) {
                    throw new FornoException(ErrorKind.NOT_FOUND, "No such container: " + ref);
                }
                return; // it was removed at its end
            }
            ContainerRemoval.requireStopped(entry);
            removal.remove(entry, options);
        });
    }

    @Override
    public Pruned prune(Filters filters) {
        List<String> removed = new ArrayList<>();
        long bytes = 0;
        for (ContainerEntry entry : unused(filters)) {
            long size = size(entry.id());
            try {
                remove(entry.id(), new RemoveOptions(false, false));
                removed.add(entry.id());
                bytes += size;
            } catch (FornoException e) {
                if (e.kind() != ErrorKind.CONFLICT && e.kind() != ErrorKind.NOT_FOUND) {
                    throw e;
                } // started or removed meanwhile
            }
        }
        parts.events().publish("container", "prune", "", Map.of("reclaimed", Long.toString(bytes)));
        return new Pruned(removed, bytes);
    }

    @Override
    public Pruned tryPrune(Filters filters, Trial trial) {
        List<String> removed = unused(filters).stream().map(ContainerEntry::id).toList();
        removed.forEach(trial::removeContainer);
        return new Pruned(removed, removed.stream().mapToLong(this::size).sum());
    }

    private List<ContainerEntry> unused(Filters filters) {
        filters.requireKnown(PRUNE_FILTERS);
        Instant until = Moments.until(filters, parts.clock().instant());
        return parts.records().entries().stream()
                .filter(entry -> {
                    Container c = entry.value();
                    return !c.state().status().hasTask()
                            && (until == null || c.created().isBefore(until))
                            && filters.acceptsLabels(c.config().labels())
                            && !filters.excludesLabels(c.config().labels());
                })
                .sorted(Comparator.comparing(entry -> entry.value().created()))
                .toList();
    }

    /** What a container holds: the files that it changed, and its logs. */
    private long size(String id) {
        long own = parts.snapshotter().snapshot(id).map(Snapshot::usage).orElse(0L);
        return own + parts.directory(id).logBytes();
    }
}
