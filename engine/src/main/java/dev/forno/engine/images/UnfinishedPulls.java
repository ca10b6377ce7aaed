package dev.forno.engine.images;

import dev.forno.engine.images.records.PullRecord;
import dev.forno.engine.images.records.RecordJson;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.Store;
import dev.forno.store.contents.ContentStore;
import dev.forno.store.garbage.Roots;
import dev.forno.store.records.RecordTable;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Pulls that were begun and neither done nor refused: what they have brought is kept as long as broken blobs are, so that the next attempt
 * fetches the rest only, though the engine died or the network did. A prune of all images ends those that nobody works on.
 * Thread-safe.
 */
final class UnfinishedPulls implements Supplier<Roots> {
    private static final String TABLE = "unfinished-pulls";

    private final Store store;
    private final InstantSource clock;
    private final Map<Digest, Integer> running = new ConcurrentHashMap<>();

    /** Forgets those that are too old. */
    UnfinishedPulls(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        store.database().run(tx -> {
            RecordTable table = tx.table(TABLE);
            Map<String, byte[]> all = table.list();
            all.forEach((key, json) -> {
                if (!isKept(RecordJson.pull(json))) {
                    table.delete(key);
                }
            });
        });
    }

    /** Runs the work of a pull; what it needs is kept when it is cut off. */
    void during(Digest manifest, List<Descriptor> blobs, List<Digest> diffIds, Runnable work) {
        List<String> contents = new ArrayList<>();
        blobs.forEach(blob -> contents.add(blob.digest()));
        diffIds.forEach(diffId -> contents.add(diffId.toString()));
        PullRecord record = new PullRecord(clock.instant().toString(), contents);
        running.merge(manifest, 1, Integer::sum);
        try {
            store.database().run(tx -> tx.table(TABLE).put(manifest.toString(), RecordJson.write(record)));
            work.run();
        } catch (FornoException e) {
            if (e.kind() != ErrorKind.CANCELLED && e.kind() != ErrorKind.UNAVAILABLE) {
                end(manifest);
            }
            throw e;
        } finally {
            running.computeIfPresent(manifest, (_, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Forgets all but those that go on now. */
    void endIdle() {
        store.database().run(tx -> {
            RecordTable table = tx.table(TABLE);
            table.list().keySet().stream()
                    .filter(manifest -> !running.containsKey(Digest.parse(manifest)))
                    .forEach(table::delete);
        });
    }

    /** The pull's image has a name now, or will never have one. */
    void end(Digest manifest) {
        store.database().run(tx -> tx.table(TABLE).delete(manifest.toString()));
    }

    /** What they need. */
    @Override
    public Roots get() {
        return needs(_ -> true);
    }

    /** What is still needed after {@link #endIdle}. */
    Roots ofRunning() {
        return needs(running::containsKey);
    }

    private Roots needs(Predicate<Digest> taken) {
        Set<Digest> contents = new HashSet<>();
        store.database().table(TABLE).list().forEach((manifest, json) -> {
            PullRecord pull = RecordJson.pull(json);
            if (isKept(pull) && taken.test(Digest.parse(manifest))) {
                pull.contents().forEach(digest -> contents.add(Digest.parse(digest)));
            }
        });
        return new Roots(contents, contents);
    }

    private boolean isKept(PullRecord pull) {
        return Instant.parse(pull.begun()).plus(ContentStore.RESUMABLE_FOR).isAfter(clock.instant());
    }
}
