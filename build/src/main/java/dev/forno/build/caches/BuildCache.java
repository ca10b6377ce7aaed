package dev.forno.build.caches;

import dev.forno.oci.Digest;
import dev.forno.oci.FornoException;
import dev.forno.oci.JsonBinding;
import dev.forno.store.Store;
import dev.forno.store.garbage.Roots;
import dev.forno.store.leases.Lease;
import dev.forno.store.records.RecordTable;
import io.avaje.jsonb.JsonType;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps what steps made, across restarts of the engine. Entries hold their layers against garbage collection until they are
 * pruned. Thread-safe.
 */
public final class BuildCache {
    private static final String TABLE = "build-cache";
    private static final JsonType<CacheEntry> JSON = JsonBinding.of(CacheEntry.class);

    private final Store store;
    private final InstantSource clock;
    private final Map<String, Integer> held = new ConcurrentHashMap<>();

    /** The cache of a store. */
    public BuildCache(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * The entry of that key when all its layers are still there; they are protected by {@code lease} then.
     */
    public Optional<CacheEntry> find(Digest key, Lease lease) {
        Optional<CacheEntry> entry = table().get(key.toString()).flatMap(BuildCache::read);
        if (entry.isEmpty()) {
            return entry;
        }
        entry.get().blobs().forEach((diffId, blob) -> {
            lease.protect(diffId);
            lease.protect(blob.contentDigest());
        });
        boolean whole = entry.get().blobs().entrySet().stream()
                .allMatch(layer -> store.snapshotter().layer(layer.getKey()).isPresent()
                        && store.content()
                                .stat(layer.getValue().contentDigest())
                                .isPresent());
        return whole ? entry : Optional.empty();
    }

    /** Keeps entries of a running build from {@link #trim}, until they are released as often. */
    public void hold(String key) {
        held.merge(key, 1, Integer::sum);
    }

    /** Ends a {@link #hold} of each key. */
    public void release(Collection<String> keys) {
        keys.forEach(key -> held.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1));
    }

    /** Whether a running build holds the entry. */
    public boolean inUse(String key) {
        return held.containsKey(key);
    }

    /** Forgets the least recently used entries beyond these bounds, except those in use. Returns their keys. */
    public List<String> trim(long bytes, int entries) {
        List<String> surplus = new ArrayList<>();
        long total = 0;
        int count = 0;
        for (CacheEntry entry : list()) {
            total += entry.size();
            if ((total > bytes || ++count > entries) && !inUse(entry.key())) {
                surplus.add(entry.key());
            }
        }
        delete(surplus);
        return surplus;
    }

    /** Keeps an entry, in place of an older one of the same key. */
    public void put(CacheEntry entry) {
        table().put(entry.key(), JSON.toJsonBytes(entry));
    }

    /** Notes that a build took these entries. */
    public void used(Collection<String> keys) {
        if (keys.isEmpty()) {
            return;
        }
        String now = clock.instant().toString();
        store.database().run(tx -> {
            RecordTable table = tx.table(TABLE);
            for (String key : new HashSet<>(keys)) {
                table.get(key)
                        .flatMap(BuildCache::read)
                        .ifPresent(entry -> table.put(key, JSON.toJsonBytes(entry.usedAt(now))));
            }
        });
    }

    /** All entries, most recently used first. */
    public List<CacheEntry> list() {
        return table().list().values().stream()
                .flatMap(json -> read(json).stream())
                .sorted(Comparator.comparing((CacheEntry e) -> Instant.parse(e.lastUsedAt()))
                        .reversed())
                .toList();
    }

    /** Forgets entries. */
    public void delete(Collection<String> keys) {
        store.database().run(tx -> keys.forEach(tx.table(TABLE)::delete));
    }

    /** What the entries hold. */
    public Roots roots() {
        return rootsWithout(List.of());
    }

    /** What the entries but those of these keys hold. */
    public Roots rootsWithout(Collection<String> keys) {
        Set<String> without = new HashSet<>(keys);
        Set<Digest> blobs = new HashSet<>();
        Set<Digest> layers = new HashSet<>();
        for (CacheEntry entry : list()) {
            if (without.contains(entry.key())) {
                continue;
            }
            entry.blobs().forEach((diffId, blob) -> {
                layers.add(diffId);
                blobs.add(blob.contentDigest());
            });
        }
        return new Roots(blobs, layers);
    }

    private RecordTable table() {
        return store.database().table(TABLE);
    }

    /** A record of another version is no hit, and is replaced by the next build. */
    private static Optional<CacheEntry> read(byte[] json) {
        try {
            return Optional.ofNullable(JSON.fromJson(json));
        } catch (RuntimeException e) {
            if (e instanceof FornoException) {
                throw e;
            }
            return Optional.empty();
        }
    }
}
