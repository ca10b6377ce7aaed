package dev.forno.engine.volumes;

import dev.forno.oci.JsonBinding;
import dev.forno.store.records.Database;
import dev.forno.store.records.RecordTable;
import dev.forno.store.records.Transaction;
import io.avaje.jsonb.JsonType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The records of volumes: those in the database, and of them those that can be found, which are fewer until {@link #show}
 * and more until {@link #hide}. A named volume whose record went is noted as leaving until its content is gone.
 * Thread-safe.
 */
final class VolumeRecords {
    private static final String TABLE = "volumes";
    private static final String LEAVING = "volumes-leaving";

    private final RecordTable table;
    private final RecordTable leaving;
    private final JsonType<Volume> json = JsonBinding.of(Volume.class);
    private final Map<String, Volume> volumes = new TreeMap<>();

    /** Reads them. */
    VolumeRecords(Database database) {
        table = database.table(TABLE);
        leaving = database.table(LEAVING);
        table.list().forEach((name, bytes) -> volumes.put(name, json.fromJson(bytes)));
    }

    synchronized Optional<Volume> find(String name) {
        return Optional.ofNullable(volumes.get(name));
    }

    /** By name. */
    synchronized List<Volume> all() {
        return List.copyOf(volumes.values());
    }

    /** Records a volume, which can be found from now on. */
    void put(Volume volume) {
        table.put(volume.name(), json.toJsonBytes(volume));
        show(volume);
    }

    /** Records a volume in a transaction; {@link #show} when it has happened. */
    void put(Transaction tx, Volume volume) {
        tx.table(TABLE).put(volume.name(), json.toJsonBytes(volume));
    }

    synchronized void show(Volume volume) {
        volumes.put(volume.name(), volume);
    }

    /** Takes a record away in a transaction; {@link #hide} and {@link #left} when it has happened. */
    void forget(Transaction tx, String name) {
        tx.table(TABLE).delete(name);
        if (!VolumeDirectories.isMadeUp(name)) { // else its directory tells
            tx.table(LEAVING).put(name, "{}".getBytes(StandardCharsets.UTF_8));
        }
    }

    synchronized void hide(String name) {
        volumes.remove(name);
    }

    /** The names of volumes without a record whose content may still be there. */
    Set<String> leaving() {
        return leaving.list().keySet();
    }

    boolean isLeaving(String name) {
        return leaving.get(name).isPresent();
    }

    /** The content of a forgotten volume is gone. */
    void left(String name) {
        if (!VolumeDirectories.isMadeUp(name)) {
            leaving.delete(name);
        }
    }
}
