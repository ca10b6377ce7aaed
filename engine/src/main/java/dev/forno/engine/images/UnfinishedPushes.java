package dev.forno.engine.images;

import dev.forno.engine.images.records.PushRecord;
import dev.forno.engine.images.records.RecordJson;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.registry.client.UploadMemory;
import dev.forno.store.Store;
import dev.forno.store.contents.ContentStore;
import dev.forno.store.records.RecordTable;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Where uploads go on that were begun and not finished, so that the next push sends the rest only, though the engine died or
 * the network did. Kept as long as broken downloads are, and not more than a few hundred of them. Thread-safe.
 */
final class UnfinishedPushes implements UploadMemory {
    private static final String TABLE = "unfinished-pushes";
    private static final int MAX = 256;
    private static final int MAX_ADDRESS = 8192;

    private final Store store;
    private final InstantSource clock;
    private final Set<String> open = ConcurrentHashMap.newKeySet();

    /** Forgets those that are too old. */
    UnfinishedPushes(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        store.database().run(tx -> prune(tx.table(TABLE)));
    }

    @Override
    public Note open(String registry, String repository, Digest blob) {
        String key = registry + "/" + repository + "@" + blob;
        // Two pushes at a time must not write into one upload.
        return open.add(key) ? new Kept(key) : Note.EMPTY;
    }

    /** Takes out what is too old, and the oldest of what is too much. */
    private void prune(RecordTable table) {
        Map<String, PushRecord> left = new TreeMap<>();
        table.list().forEach((key, json) -> left.put(key, RecordJson.push(json)));
        left.entrySet().stream()
                .filter(entry -> !isKept(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList()
                .forEach(key -> remove(table, left, key));
        left.entrySet().stream()
                .sorted(Comparator.comparing(
                        entry -> Instant.parse(entry.getValue().seen())))
                .map(Map.Entry::getKey)
                .limit(Math.max(0, left.size() - MAX))
                .toList()
                .forEach(key -> remove(table, left, key));
    }

    private static void remove(RecordTable table, Map<String, PushRecord> left, String key) {
        table.delete(key);
        left.remove(key);
    }

    private boolean isKept(PushRecord push) {
        return Instant.parse(push.seen()).plus(ContentStore.RESUMABLE_FOR).isAfter(clock.instant());
    }

    private final class Kept implements Note {
        private final String key;

        Kept(String key) {
            this.key = key;
        }

        @Override
        public Optional<URI> address() {
            return store.database()
                    .table(TABLE)
                    .get(key)
                    .map(RecordJson::push)
                    .filter(UnfinishedPushes.this::isKept)
                    .map(push -> URI.create(push.address()));
        }

        @Override
        public void keep(URI address) {
            String text = address.toString();
            if (address.getRawUserInfo() == null && text.length() <= MAX_ADDRESS) {
                PushRecord push = new PushRecord(clock.instant().toString(), text);
                attempt(table -> {
                    table.put(key, RecordJson.write(push));
                    prune(table);
                });
            }
        }

        @Override
        public void forget() {
            if (store.database().table(TABLE).get(key).isPresent()) {
                attempt(table -> table.delete(key));
            }
        }

        private void attempt(Consumer<RecordTable> change) {
            try {
                store.database().run(tx -> change.accept(tx.table(TABLE)));
            } catch (FornoException e) {
                if (e.kind() != ErrorKind.RESOURCE_EXHAUSTED) {
                    throw e;
                }
                // A full disk is no reason not to push what is on it; a note that stays is asked about and found wrong.
            }
        }

        @Override
        public void close() {
            open.remove(key);
        }
    }
}
