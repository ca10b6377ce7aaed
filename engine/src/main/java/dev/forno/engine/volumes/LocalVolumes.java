package dev.forno.engine.volumes;

import dev.forno.engine.Filters;
import dev.forno.engine.Trial;
import dev.forno.engine.events.Events;
import dev.forno.linux.files.Root;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.records.Database;
import dev.forno.store.records.Transaction;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Volumes as directories {@code <directory>/<name>/_data} with their records in the database. An anonymous volume is
 * recorded together with the container that it is made for; until then it is only a directory, which the next start
 * removes. The directory of a named volume goes only with the volume, even when its record is lost: a removal is noted together
 * with the end of the record, and the next start finishes one that was cut short. Content that can't be removed keeps its space,
 * not the engine from starting: the note stays, and no volume of that name can be made before the content is gone. Thread-safe.
 */
public final class LocalVolumes implements Volumes {
    private static final Logger LOG = System.getLogger(LocalVolumes.class.getName());
    private static final String DRIVER = "local";
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]+");
    private static final Set<String> LIST_FILTERS = Set.of("dangling", "driver", "label", "label!", "name");
    private static final Set<String> PRUNE_FILTERS = Set.of("all", "label", "label!");

    private final VolumeDirectories directories;
    private final Database database;
    private final VolumeRecords records;
    private final Function<String, List<String>> users;
    private final Events events;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final VolumeHolds holds = new VolumeHolds();

    private LocalVolumes(
            Path directory,
            Database database,
            Function<String, List<String>> users,
            Events events,
            InstantSource clock,
            RandomGenerator random) {
        this.directories = new VolumeDirectories(directory);
        this.database = database;
        this.records = new VolumeRecords(database);
        this.users = users;
        this.events = events;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Reads the records and removes directories of anonymous volumes that have none.
     *
     * @param users the ids of the containers that mount a volume, by its name
     */
    public static LocalVolumes open(
            Path directory,
            Database database,
            Function<String, List<String>> users,
            Events events,
            InstantSource clock,
            RandomGenerator random)
            throws IOException {
        Files.createDirectories(directory);
        LocalVolumes opened = new LocalVolumes(directory, database, users, events, clock, random);
        opened.records.leaving().forEach(opened::tryToFinishLeaving);
        Set<String> known = new HashSet<>(opened.records.leaving());
        opened.records.all().forEach(volume -> known.add(volume.name()));
        opened.directories.removeUnrecorded(known);
        return opened;
    }

    private void tryToFinishLeaving(String name) {
        try {
            finishLeaving(name);
        } catch (FornoException e) {
            LOG.log(Level.WARNING, e.getMessage() + "; its content stays until the next start tries again", e);
        }
    }

    /** Removes what a removal that was cut short left, so that nobody takes it for a volume's content. */
    private void finishLeaving(String name) {
        if (records.isLeaving(name)) {
            if (records.find(name).isEmpty()) {
                directories.remove(name);
            }
            records.left(name);
        }
    }

    @Override
    public Volume create(VolumeRequest request) {
        try (Hold hold = hold()) {
            if (!request.name().isEmpty()) {
                hold.take(request.name()); // its directory may be on its way out
            }
            return createNow(request);
        }
    }

    private synchronized Volume createNow(VolumeRequest request) {
        if (!request.driver().isEmpty() && !request.driver().equals(DRIVER)) {
            throw new FornoException(
                    ErrorKind.NOT_FOUND,
                    "create " + request.name() + ": error looking up volume plugin " + request.driver() + ": plugin \""
                            + request.driver() + "\" not found: Forno has the driver \"local\"");
        }
        if (request.name().isEmpty()) {
            return makeAndRecord(newName(), request, true);
        }
        checkName(request.name());
        Optional<Volume> existing = records.find(request.name());
        if (existing.isPresent()) {
            if (!request.options().isEmpty()
                    && !request.options().equals(existing.get().options())) {
                throw new FornoException(
                        ErrorKind.CONFLICT,
                        "create " + request.name() + ": volume already exists with other driver options");
            }
            return existing.get();
        }
        finishLeaving(request.name());
        return makeAndRecord(request.name(), request, false);
    }

    /**
     * Makes an anonymous volume for a container that is being made: {@link #claim} records it, {@link #discard} undoes it.
     */
    public Volume createUnclaimed() {
        return make(newName(), new VolumeRequest("", DRIVER, Map.of(), Map.of()), true);
    }

    /** Records unclaimed volumes in the transaction that records their container. */
    public void claim(Transaction tx, List<Volume> unclaimed) {
        unclaimed.forEach(v -> records.put(tx, v));
    }

    /** The transaction of {@link #claim} has happened: the volumes can be found. */
    public void claimed(List<Volume> unclaimed) {
        for (Volume volume : unclaimed) {
            records.show(volume);
            events.publish("volume", "create", volume.name(), Map.of("driver", DRIVER));
        }
    }

    /** Keeps volumes for a container that is being made, from before it counts on them until its record names them. */
    public Hold hold() {
        return new Hold();
    }

    /** Volumes that stay while this is open. For one thread. */
    public final class Hold implements AutoCloseable {
        private final List<String> names = new ArrayList<>();

        private Hold() {}

        /** Keeps the volume of this name, whether it is there yet or not; waits while one is being removed. */
        public void take(String name) {
            holds.take(name);
            names.add(name);
        }

        /** Lets go of them. */
        @Override
        public void close() {
            names.forEach(holds::release);
            names.clear();
        }
    }

    /**
     * Begins to remove the volumes of which a container that goes is the only user; {@link #forgotten} or {@link #stay}
     * ends it.
     *
     * @return those that go
     */
    public List<String> leave(List<String> names, String container) {
        List<String> held = holds.leave(names);
        // Only now: nobody can begin to use them any more.
        List<String> used = held.stream()
                .filter(name -> !users.apply(name).equals(List.of(container)))
                .toList();
        holds.left(used);
        return held.stream().filter(name -> !used.contains(name)).toList();
    }

    /** These volumes of {@link #leave} don't go. */
    public void stay(List<String> names) {
        holds.left(names);
    }

    /** Takes the records of volumes away in the transaction that takes their container's. */
    public void forget(Transaction tx, List<String> names) {
        names.forEach(name -> records.forget(tx, name));
    }

    /** The transaction of {@link #forget} has happened: the content goes too. */
    public void forgotten(List<String> names) {
        try {
            names.forEach(this::removeForgotten);
        } finally {
            holds.left(names);
        }
    }

    private void removeForgotten(String name) {
        records.hide(name);
        directories.remove(name);
        records.left(name);
        events.publish("volume", "destroy", name, Map.of("driver", DRIVER));
    }

    /** Removes unclaimed volumes. */
    public void discard(List<Volume> unclaimed) {
        unclaimed.forEach(v -> directories.remove(v.name()));
    }

    /** Content whose record was lost is not this call's to remove when it fails. */
    private Volume makeAndRecord(String name, VolumeRequest request, boolean anonymous) {
        boolean had = directories.has(name);
        Volume made = make(name, request, anonymous);
        try {
            record(made);
        } catch (FornoException e) {
            if (!had) {
                undo(made, e);
            }
            throw e;
        }
        return made;
    }

    private void undo(Volume made, FornoException because) {
        try {
            directories.remove(made.name());
        } catch (FornoException e) {
            because.addSuppressed(e);
        }
    }

    private Volume make(String name, VolumeRequest request, boolean anonymous) {
        VolumeOptions.check(name, request.options());
        Path data = directories.make(name);
        return new Volume(
                name, DRIVER, data.toString(), clock.instant(), request.labels(), request.options(), anonymous);
    }

    private void record(Volume volume) {
        records.put(volume);
        events.publish("volume", "create", volume.name(), Map.of("driver", DRIVER));
    }

    private String newName() {
        StringBuilder name = new StringBuilder();
        while (name.length() < 64) {
            name.append(String.format("%016x", random.nextLong()));
        }
        return name.toString();
    }

    private static void checkName(String name) {
        if (!NAME.matcher(name).matches() || name.length() > 255) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "create " + name + ": \"" + name
                            + "\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\""
                            + " are allowed. If you intended to pass a host directory, use absolute path");
        }
    }

    @Override
    public Volume get(String name) {
        return records.find(name)
                .orElseThrow(() -> new FornoException(ErrorKind.NOT_FOUND, "get " + name + ": no such volume"));
    }

    @Override
    public List<Volume> list(Filters filters) {
        filters.requireKnown(LIST_FILTERS);
        boolean byUse = filters.has("dangling");
        boolean dangling = filters.flag("dangling", false);
        return records.all().stream()
                .filter(v -> filters.accepts("driver", v.driver()))
                .filter(v ->
                        !filters.has("name") || filters.get("name").stream().anyMatch(v.name()::contains))
                .filter(v -> filters.acceptsLabels(v.labels()) && !filters.excludesLabels(v.labels()))
                .filter(v -> !byUse || users.apply(v.name()).isEmpty() == dangling)
                .toList();
    }

    @Override
    public void remove(String name, boolean force) {
        if (records.find(name).isEmpty()) {
            if (force) {
                return;
            }
            throw new FornoException(ErrorKind.NOT_FOUND, "get " + name + ": no such volume");
        }
        List<String> held = holds.leave(List.of(name));
        if (held.isEmpty()) {
            throw inUse(name, "a container that is being created or removed");
        }
        try {
            List<String> using = users.apply(name);
            if (!using.isEmpty()) {
                throw inUse(name, String.join(", ", using));
            }
            database.run(tx -> forget(tx, List.of(name)));
            removeForgotten(name); // after a crash here the next start removes the directory
        } finally {
            holds.left(held);
        }
    }

    private static FornoException inUse(String name, String users) {
        return new FornoException(ErrorKind.CONFLICT, "remove " + name + ": volume is in use - [" + users + "]");
    }

    @Override
    public Pruned prune(Filters filters) {
        List<String> removed = new ArrayList<>();
        long bytes = 0;
        for (Volume volume : unused(filters, users)) {
            long size = VolumeDirectories.size(volume);
            try {
                remove(volume.name(), false);
                removed.add(volume.name());
                bytes += size;
            } catch (FornoException e) {
                if (e.kind() != ErrorKind.CONFLICT && e.kind() != ErrorKind.NOT_FOUND) {
                    throw e;
                } // taken or gone meanwhile
            }
        }
        events.publish("volume", "prune", "", Map.of("reclaimed", Long.toString(bytes)));
        return new Pruned(removed, bytes);
    }

    @Override
    public Pruned tryPrune(Filters filters, Trial trial) {
        List<Volume> unused = unused(filters, name -> List.copyOf(trial.left(users.apply(name))));
        return new Pruned(
                unused.stream().map(Volume::name).toList(),
                unused.stream().mapToLong(VolumeDirectories::size).sum());
    }

    private List<Volume> unused(Filters filters, Function<String, List<String>> usedBy) {
        filters.requireKnown(PRUNE_FILTERS);
        boolean all = filters.flag("all", false);
        return records.all().stream()
                .filter(volume -> (all || volume.anonymous())
                        && filters.acceptsLabels(volume.labels())
                        && !filters.excludesLabels(volume.labels())
                        && usedBy.apply(volume.name()).isEmpty())
                .toList();
    }

    @Override
    public List<Usage> usage() {
        return records.all().stream()
                .map(v -> new Usage(
                        v, VolumeDirectories.size(v), users.apply(v.name()).size()))
                .toList();
    }

    /**
     * Copies a tree into a volume that has nothing in it; owner and mode of its top too. A volume that nobody else uses
     * gets everything or, after a crash, nothing.
     */
    public void fillIfEmpty(Volume volume, Root source) {
        if (!VolumeOptions.isLocal(volume)) {
            return;
        }
        directories.fillIfEmpty(
                volume.name(), source, () -> !users.apply(volume.name()).isEmpty());
    }

    /** What has to be bind-mounted for a volume: its directory, or the host directory that its options name. */
    public static Path source(Volume volume) {
        return VolumeOptions.boundDirectory(volume).orElse(Path.of(volume.mountpoint()));
    }
}
