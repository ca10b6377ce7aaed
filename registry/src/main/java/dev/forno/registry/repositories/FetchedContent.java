package dev.forno.registry.repositories;

import dev.forno.oci.Digest;
import dev.forno.registry.documents.CopyRecord;
import dev.forno.registry.documents.ManifestRecord;
import dev.forno.registry.documents.RecordJson;
import dev.forno.store.records.Database;
import dev.forno.store.records.RecordTable;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was fetched from other registries, and could be again: goes when nobody asked for it for long, or, of the blobs, when
 * all together have too many bytes, those first that nobody asked for the longest. What somebody pushed never goes so.
 */
final class FetchedContent {
    private final Database database;
    private final RecentUse recent;
    private final Retention retention;
    private final InstantSource clock;

    FetchedContent(Database database, RecentUse recent, Retention retention, InstantSource clock) {
        this.database = database;
        this.recent = recent;
        this.retention = retention;
        this.clock = clock;
    }

    /** Notes that something comes from another registry, unless it was here before by itself. */
    static void mark(RecordTable copies, RecordTable holding, Digest digest, long size, Instant now) {
        String id = digest.toString();
        if (holding.get(id).isEmpty() || copies.get(id).isPresent()) {
            copies.put(id, RecordJson.write(CopyRecord.class, new CopyRecord(size, now.getEpochSecond())));
        }
    }

    /**
     * Notes that somebody pushed a manifest, so that neither it nor what it needs or refers to goes any more: its client was
     * told that a copy is there and sent nothing, and no other registry may have it by now.
     */
    static void keep(Tables tables, String repository, Digest digest, ManifestRecord pushed) {
        RecordTable manifests = tables.fetchedManifests(repository);
        RecordTable blobs = tables.fetchedBlobs(repository);
        manifests.delete(digest.toString());
        Deque<ManifestRecord> kept = new ArrayDeque<>(List.of(pushed));
        while (!kept.isEmpty()) {
            ManifestRecord record = kept.remove();
            record.blobs().forEach(blob -> blobs.delete(blob.digest()));
            for (String other : others(record)) {
                // what is no copy was looked at when it was pushed
                if (manifests.delete(other)) {
                    tables.manifests(repository)
                            .get(other)
                            .map(json -> RecordJson.read(ManifestRecord.class, json))
                            .ifPresent(kept::add);
                }
            }
        }
    }

    private static List<String> others(ManifestRecord record) {
        List<String> others = new ArrayList<>(record.manifests());
        if (record.subject() != null) {
            others.add(record.subject());
        }
        return others;
    }

    /** Lets go of what is too old, then of what is too much. */
    void evict() {
        List<String> repositories =
                List.copyOf(Tables.of(database).repositories().list().keySet());
        for (String repository : repositories) {
            recent.removing(() -> database.transaction(tx -> {
                evictOld(new Tables(tx::table), repository);
                return true;
            }));
        }
        if (retention.copyBytes() > 0) {
            evictLeastUsed(repositories);
        }
    }

    private void evictOld(Tables tables, String repository) {
        RecordTable manifests = tables.fetchedManifests(repository);
        manifests.list().forEach((id, json) -> {
            if (isOld(used(manifests, repository, id, json))) {
                Manifests.drop(tables, repository, Digest.parse(id));
            }
        });
        RecordTable blobs = tables.fetchedBlobs(repository);
        blobs.list().forEach((id, json) -> {
            if (isOld(used(blobs, repository, id, json))) {
                BlobLinks.drop(tables, repository, Digest.parse(id));
            }
        });
    }

    /** Brings the record up to date; when it was last used. */
    private Instant used(RecordTable table, String repository, String id, byte[] json) {
        CopyRecord record = RecordJson.read(CopyRecord.class, json);
        Instant known = Instant.ofEpochSecond(record.used());
        Instant last = recent.last(repository, id).orElse(known);
        if (last.getEpochSecond() > record.used()) {
            CopyRecord later = new CopyRecord(record.size(), last.getEpochSecond());
            table.put(id, RecordJson.write(CopyRecord.class, later));
            return last;
        }
        return known;
    }

    private boolean isOld(Instant used) {
        return !retention.copies().isZero() && used.isBefore(clock.instant().minus(retention.copies()));
    }

    /** The same blob in all repositories that hold it as a copy. */
    private record Copy(Digest digest, long size, long used, List<String> repositories) {
        Copy and(Copy other) {
            List<String> both = new ArrayList<>(repositories);
            both.addAll(other.repositories);
            return new Copy(digest, size, Math.max(used, other.used), both);
        }

        /** Whether no other repository holds the blob. */
        boolean isAll(Tables tables) {
            return Set.copyOf(repositories)
                    .containsAll(tables.holders(digest).list().keySet());
        }

        /** Whether it is what it was when it was listed: nobody pushed or fetched the blob since. */
        boolean isUnchanged(Tables tables) {
            return isAll(tables)
                    && repositories.stream().allMatch(repository -> tables.fetchedBlobs(repository)
                            .get(digest.toString())
                            .map(json -> RecordJson.read(CopyRecord.class, json))
                            .filter(record -> record.used() <= used)
                            .isPresent());
        }
    }

    private void evictLeastUsed(List<String> repositories) {
        Tables tables = Tables.of(database);
        Map<Digest, Copy> blobs = new HashMap<>();
        for (String repository : repositories) {
            tables.fetchedBlobs(repository).list().forEach((id, json) -> {
                CopyRecord record = RecordJson.read(CopyRecord.class, json);
                Digest digest = Digest.parse(id);
                blobs.merge(digest, new Copy(digest, record.size(), record.used(), List.of(repository)), Copy::and);
            });
        }
        // what somebody pushed as well takes its place anyway
        blobs.values().removeIf(copy -> !copy.isAll(tables));
        long total = blobs.values().stream().mapToLong(Copy::size).sum();
        List<Copy> byUse = blobs.values().stream()
                .sorted(Comparator.comparingLong(Copy::used).thenComparing(Copy::digest))
                .toList();
        for (Copy copy : byUse) {
            if (total <= retention.copyBytes()) {
                return;
            }
            if (recent.removing(() -> evict(copy))) {
                total -= copy.size;
            }
        }
    }

    private boolean evict(Copy copy) {
        long before = clock.instant().minus(retention.grace()).getEpochSecond();
        boolean inUse = copy.used > before
                || copy.repositories.stream()
                        .anyMatch(repository -> recent.keeps(repository, copy.digest.toString(), 0));
        return !inUse
                && database.transaction(tx -> {
                    Tables tables = new Tables(tx::table);
                    boolean unchanged = copy.isUnchanged(tables);
                    if (unchanged) {
                        copy.repositories.forEach(repository -> BlobLinks.drop(tables, repository, copy.digest));
                    }
                    return unchanged;
                });
    }
}
