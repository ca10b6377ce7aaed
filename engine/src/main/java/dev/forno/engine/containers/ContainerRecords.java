package dev.forno.engine.containers;

import dev.forno.engine.images.ImageUsers;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.JsonBinding;
import dev.forno.store.records.Database;
import dev.forno.store.records.RecordTable;
import dev.forno.store.records.Transaction;
import io.avaje.jsonb.JsonType;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * All containers, in memory and in the database; names are unique. Opened before the services that work with it, because
 * images and volumes ask it who uses them. Thread-safe.
 */
public final class ContainerRecords implements ImageUsers {
    private static final String TABLE = "containers";

    private final Database database;
    private final RecordTable table;
    private final JsonType<Container> json;
    private final Function<String, List<Digest>> layers;
    private final Map<String, ContainerEntry> entries = new ConcurrentHashMap<>();
    private final Map<String, String> idsByName = new ConcurrentHashMap<>();

    private ContainerRecords(Database database, Function<String, List<Digest>> layers) {
        this.database = database;
        this.table = database.table(TABLE);
        this.json = JsonBinding.of(Container.class);
        this.layers = layers;
    }

    /**
     * Reads the records.
     *
     * @param layers the diffIDs under a container's file system by the container's id
     */
    public static ContainerRecords open(Database database, Function<String, List<Digest>> layers) {
        ContainerRecords records = new ContainerRecords(database, layers);
        records.table.list().forEach((id, bytes) -> records.load(id, bytes));
        return records;
    }

    private void load(String id, byte[] bytes) {
        Container container;
        try {
            container = json.fromJson(bytes);
        } catch (RuntimeException e) {
            throw new FornoException(ErrorKind.DATA_LOSS, "read container " + id + ": " + e.getMessage(), e);
        }
        entries.put(id, new ContainerEntry(container));
        idsByName.put(container.name(), id);
    }

    /** All containers, in no order. */
    Collection<ContainerEntry> entries() {
        return entries.values();
    }

    /** The container of exactly that id. */
    Optional<ContainerEntry> byId(String id) {
        return Optional.ofNullable(entries.get(id));
    }

    /** All containers' present values, in no order. */
    public List<Container> values() {
        return entries.values().stream().map(ContainerEntry::value).toList();
    }

    /** The name of a container by its id, for texts. */
    public Optional<String> nameOf(String id) {
        return Optional.ofNullable(entries.get(id)).map(e -> e.value().name());
    }

    /** The container of that id, name or unambiguous prefix of an id; throws {@link ErrorKind#NOT_FOUND}. */
    ContainerEntry find(String ref) {
        String text = ref.startsWith("/") ? ref.substring(1) : ref;
        ContainerEntry byId = entries.get(text);
        if (byId != null) {
            return byId;
        }
        String named = idsByName.get(text);
        ContainerEntry byName = named == null ? null : entries.get(named);
        if (byName != null) {
            return byName;
        }
        List<ContainerEntry> matching = text.isEmpty() || !text.matches("[0-9a-f]+")
                ? List.of()
                : entries.values().stream().filter(e -> e.id().startsWith(text)).toList();
        if (matching.size() > 1) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "multiple IDs found with provided prefix: " + text);
        }
        if (matching.isEmpty()) {
            throw new FornoException(ErrorKind.NOT_FOUND, "No such container: " + ref);
        }
        return matching.getFirst();
    }

    /** Takes a name for a container to be; throws {@link ErrorKind#CONFLICT} with Docker's text. */
    void reserve(String name, String id) {
        String holder = idsByName.putIfAbsent(name, id);
        if (holder != null) {
            throw new FornoException(
                    ErrorKind.CONFLICT,
                    "Conflict. The container name \"/" + name + "\" is already in use by container \"" + holder
                            + "\". You have to remove (or rename) that container to be able to reuse that name.");
        }
    }

    /** Takes a name when it is free. */
    boolean tryReserve(String name, String id) {
        return idsByName.putIfAbsent(name, id) == null;
    }

    /** Whether the entry was not removed. */
    boolean holds(ContainerEntry entry) {
        return entries.get(entry.id()) == entry;
    }

    /** Gives a name back. */
    void release(String name, String id) {
        idsByName.remove(name, id);
    }

    /** Records a new container, whose name is reserved, together with {@code others}. */
    ContainerEntry add(Container container, Consumer<Transaction> others) {
        ContainerEntry entry = new ContainerEntry(container);
        database.run(tx -> {
            others.accept(tx);
            tx.table(TABLE).put(container.id(), json.toJsonBytes(container));
        });
        entries.put(container.id(), entry);
        return entry;
    }

    /** Makes a change durable, then visible; throws {@link ErrorKind#NOT_FOUND} for one that was removed meanwhile. */
    void save(ContainerEntry entry, Container changed) {
        if (!holds(entry)) {
            throw new FornoException(ErrorKind.NOT_FOUND, "No such container: " + entry.id());
        }
        table.put(changed.id(), json.toJsonBytes(changed));
        entry.set(changed);
    }

    /** Forgets a container and its name, together with {@code others}. */
    void forget(ContainerEntry entry, Consumer<Transaction> others) {
        database.run(tx -> {
            others.accept(tx);
            tx.table(TABLE).delete(entry.id());
        });
        entries.remove(entry.id());
        release(entry.value().name(), entry.id());
    }

    /** The ids of the containers that mount the volume. */
    public List<String> usersOfVolume(String volume) {
        return values().stream()
                .filter(c -> c.mounts().stream()
                        .anyMatch(m -> m.type().equals("volume") && m.name().equals(volume)))
                .map(Container::id)
                .sorted()
                .toList();
    }

    @Override
    public List<Use> uses() {
        return values().stream()
                .map(c -> new Use(
                        c.id(),
                        Digest.parse(c.imageId()),
                        layers.apply(c.id()),
                        c.state().status().hasTask()))
                .toList();
    }
}
