package dev.forno.registry.repositories;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.registry.documents.LinkRecord;
import dev.forno.registry.documents.ManifestRecord;
import dev.forno.registry.documents.ManifestRecord.BlobEntry;
import dev.forno.registry.documents.RecordJson;
import dev.forno.registry.documents.TagRecord;
import dev.forno.store.contents.ContentStore;
import dev.forno.store.contents.Ingest;
import dev.forno.store.leases.Lease;
import dev.forno.store.leases.Leases;
import dev.forno.store.records.Database;
import dev.forno.store.records.RecordTable;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The manifests of repositories, and what they need and refer to. Every change is one transaction. Thread-safe. */
public final class Manifests {
    private final Database database;
    private final ContentStore content;
    private final Leases leases;
    private final RecentUse recent;
    private final InstantSource clock;
    private final DocumentCache documents;

    Manifests(Database database, ContentStore content, Leases leases, RecentUse recent, InstantSource clock) {
        this.database = database;
        this.content = content;
        this.leases = leases;
        this.recent = recent;
        this.clock = clock;
        this.documents = new DocumentCache(digest -> content.readAll(digest, Documents.MAX_MANIFEST_BYTES));
    }

    /** The manifest of that digest. */
    public Optional<StoredManifest> find(String repository, Digest digest) {
        return recent.using(repository, digest, () -> Tables.of(database)
                        .manifests(repository)
                        .get(digest.toString()))
                .map(json -> new StoredManifest(digest, RecordJson.read(ManifestRecord.class, json)));
    }

    /** The bytes as they were pushed. */
    public byte[] bytes(Digest digest) {
        return documents.get(digest);
    }

    /**
     * Stores a manifest.
     *
     * @param mediaType as it was sent, possibly empty
     * @param digest its digest, verified by the caller
     * @param tags the tags that are to name it
     * @param how what is asked of it
     * @throws dev.forno.oci.FornoException {@link dev.forno.oci.ErrorKind#INVALID_ARGUMENT} when it is none
     * @throws MissingReferences when the repository lacks what it needs, unless {@code how} allows that
     */
    public StoredManifest put(
            String repository, byte[] bytes, String mediaType, Digest digest, Map<String, TagRecord> tags, Checks how) {
        ManifestRecord record = Reading.read(bytes, mediaType);
        try (Lease lease = leases.open("push manifest " + digest)) {
            lease.protect(digest);
            store(digest, bytes);
            database.run(tx -> {
                Tables tables = new Tables(tx::table);
                if (how == Checks.COMPLETE) {
                    requireAll(tables, repository, record);
                }
                tables.remember(repository);
                if (how == Checks.COPY) {
                    FetchedContent.mark(
                            tables.fetchedManifests(repository),
                            tables.manifests(repository),
                            digest,
                            bytes.length,
                            clock.instant());
                } else {
                    FetchedContent.keep(tables, repository, digest, record);
                }
                tables.manifests(repository).put(digest.toString(), RecordJson.write(ManifestRecord.class, record));
                for (BlobEntry blob : record.blobs()) {
                    Tables.mark(tables.users(repository, blob.digest()), digest.toString());
                    settle(tables.links(repository), blob.digest());
                }
                if (record.subject() != null) {
                    tables.referrers(repository, record.subject())
                            .put(digest.toString(), Documents.write(Descriptor.class, describe(digest, record)));
                }
                tags.forEach(
                        (tag, target) -> tables.tags(repository).put(tag, RecordJson.write(TagRecord.class, target)));
            });
        }
        return new StoredManifest(digest, record);
    }

    private void store(Digest digest, byte[] bytes) {
        if (content.stat(digest).isPresent()) {
            return;
        }
        try (Ingest ingest = content.ingest()) {
            ingest.write(bytes, 0, bytes.length);
            ingest.commit(digest, bytes.length);
        }
    }

    private static void requireAll(Tables tables, String repository, ManifestRecord record) {
        List<String> missing = new ArrayList<>();
        RecordTable links = tables.links(repository);
        for (BlobEntry blob : record.blobs()) {
            if (links.get(blob.digest()).isEmpty()) {
                missing.add(blob.digest());
            }
        }
        RecordTable manifests = tables.manifests(repository);
        for (String child : record.manifests()) {
            if (manifests.get(child).isEmpty()) {
                missing.add(child);
            }
        }
        if (!missing.isEmpty()) {
            throw new MissingReferences(missing);
        }
    }

    private static Descriptor describe(Digest digest, ManifestRecord record) {
        return new Descriptor(
                record.mediaType(),
                digest.toString(),
                record.size(),
                null,
                record.annotations(),
                null,
                record.artifactType(),
                null);
    }

    /**
     * Takes a manifest away, with the tags that name it. Blobs that nothing else in the repository needs go with the next
     * collection.
     *
     * @return whether it was there
     */
    public boolean remove(String repository, Digest digest) {
        return database.transaction(tx -> drop(new Tables(tx::table), repository, digest));
    }

    static boolean drop(Tables tables, String repository, Digest digest) {
        String id = digest.toString();
        tables.fetchedManifests(repository).delete(id);
        Optional<byte[]> json = tables.manifests(repository).get(id);
        if (json.isEmpty()) {
            return false;
        }
        ManifestRecord record = RecordJson.read(ManifestRecord.class, json.get());
        tables.manifests(repository).delete(id);
        RecordTable tags = tables.tags(repository);
        tags.list().forEach((tag, target) -> {
            if (RecordJson.read(TagRecord.class, target).digest().equals(id)) {
                tags.delete(tag);
            }
        });
        if (record.subject() != null) {
            tables.referrers(repository, record.subject()).delete(id);
        }
        record.blobs().forEach(blob -> tables.users(repository, blob.digest()).delete(id));
        return true;
    }

    /** The blob has found the manifest that it waited for. Who pushes it again later has it wait once more. */
    private static void settle(RecordTable links, String blob) {
        links.get(blob)
                .map(json -> RecordJson.read(LinkRecord.class, json))
                .filter(link -> link.linked() != 0)
                .ifPresent(link -> links.put(blob, RecordJson.write(LinkRecord.class, new LinkRecord(link.size(), 0))));
    }

    /** The manifests whose subject is the digest, in the order of their digests. */
    public List<Descriptor> referrers(String repository, Digest subject) {
        return Tables.of(database).referrers(repository, subject.toString()).list().values().stream()
                .map(Documents::descriptor)
                .toList();
    }

    /** The entry of a blob in any manifest of the repository that needs it. */
    public Optional<BlobEntry> entry(String repository, Digest blob) {
        Tables tables = Tables.of(database);
        return tables.users(repository, blob.toString()).list().keySet().stream()
                .findFirst()
                .flatMap(user -> tables.manifests(repository).get(user))
                .flatMap(json -> RecordJson.read(ManifestRecord.class, json).blobs().stream()
                        .filter(entry -> entry.digest().equals(blob.toString()))
                        .findFirst());
    }
}
