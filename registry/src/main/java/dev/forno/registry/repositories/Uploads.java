package dev.forno.registry.repositories;

import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.registry.documents.RecordJson;
import dev.forno.registry.documents.UploadRecord;
import dev.forno.store.contents.BlobStat;
import dev.forno.store.contents.ContentStore;
import dev.forno.store.contents.Ingest;
import dev.forno.store.leases.Lease;
import dev.forno.store.leases.Leases;
import dev.forno.store.records.Database;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Uploads under way. Each has an id and an ingest, which both survive this process; the ingests
 * used last are kept open between requests, so that chunks are not hashed again. Thread-safe.
 */
public final class Uploads implements AutoCloseable {
    private static final int MOST = 10_000;

    /** Each has two descriptors; one that is closed is hashed again when it goes on. */
    static final int MOST_IDLE = 128;

    private final Database database;
    private final ContentStore content;
    private final Leases leases;
    private final BlobLinks links;
    private final Duration lifetime;
    private final InstantSource clock;
    private final IdleUploads idle = new IdleUploads(MOST_IDLE);
    private final ConcurrentHashMap<String, Upload> open = new ConcurrentHashMap<>();

    Uploads(
            Database database,
            ContentStore content,
            Leases leases,
            BlobLinks links,
            Duration lifetime,
            InstantSource clock) {
        this.database = database;
        this.content = content;
        this.leases = leases;
        this.links = links;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /** Begins an upload; throws {@link ErrorKind#RESOURCE_EXHAUSTED} when there are too many. */
    public Upload begin(String repository) {
        if (Tables.of(database).uploads().list().size() >= MOST) {
            throw new FornoException(
                    ErrorKind.RESOURCE_EXHAUSTED,
                    "begin upload: " + MOST + " are under way; unfinished ones end after " + lifetime);
        }
        String id = UUID.randomUUID().toString();
        UploadRecord record = new UploadRecord(repository, clock.instant().getEpochSecond());
        Tables.of(database).uploads().put(id, RecordJson.write(UploadRecord.class, record));
        return upload(id, record);
    }

    /** The upload of that id, begun for that repository, by this process or an earlier one. */
    public Optional<Upload> find(String repository, String id) {
        return Tables.of(database)
                .uploads()
                .get(id)
                .map(json -> RecordJson.read(UploadRecord.class, json))
                .filter(record -> record.repository().equals(repository))
                .map(record -> upload(id, record))
                .filter(upload -> isKnown(id));
    }

    /** Whether it didn't end between reading its record and entering it among the open ones. */
    private boolean isKnown(String id) {
        boolean known = Tables.of(database).uploads().get(id).isPresent();
        if (!known) {
            open.remove(id);
        }
        return known;
    }

    private Upload upload(String id, UploadRecord record) {
        return open.computeIfAbsent(id, key -> new Upload(id, record.repository(), content, idle));
    }

    /**
     * Ends an upload: verifies its bytes and makes its repository hold the blob. The upload is gone afterwards, also when
     * the bytes have another digest.
     *
     * @throws FornoException {@link ErrorKind#DATA_LOSS} when they have
     */
    public BlobStat commit(Upload upload, Digest digest) {
        try (Lease lease = leases.open("push blob " + digest)) {
            lease.protect(digest);
            BlobStat stat = upload.commit(digest);
            links.add(upload.repository(), digest, stat.size());
            return stat;
        } finally {
            if (upload.hasEnded()) {
                forget(upload.id());
            }
        }
    }

    /** Stores a blob that comes in one go; throws {@link ErrorKind#DATA_LOSS} when its digest is another. */
    public BlobStat store(String repository, Digest digest, long size, InputStream body) throws IOException {
        try (Lease lease = leases.open("push blob " + digest);
                Ingest ingest = content.ingest()) {
            lease.protect(digest);
            body.transferTo(ingest.stream());
            BlobStat stat = ingest.commit(digest, size);
            links.add(repository, digest, stat.size());
            return stat;
        }
    }

    /** Makes a repository hold a blob that is in the store; tells whether it is. */
    public Optional<BlobStat> mount(String repository, Digest digest) {
        try (Lease lease = leases.open("mount blob " + digest)) {
            lease.protect(digest);
            Optional<BlobStat> stat = content.stat(digest);
            stat.ifPresent(found -> links.add(repository, digest, found.size()));
            return stat;
        }
    }

    /** Discards an upload. */
    public void cancel(Upload upload) {
        upload.abort();
        forget(upload.id());
    }

    /** The record goes first: see {@link #find}. */
    private void forget(String id) {
        Tables.of(database).uploads().delete(id);
        open.remove(id);
    }

    /** Discards uploads that are older than their lifetime and not being written to; returns how many. */
    public int expire() {
        Instant before = clock.instant().minus(lifetime);
        List<Upload> expired = new ArrayList<>();
        Tables.of(database).uploads().list().forEach((id, json) -> {
            UploadRecord record = RecordJson.read(UploadRecord.class, json);
            if (Instant.ofEpochSecond(record.started()).isBefore(before)) {
                expired.add(upload(id, record));
            }
        });
        int count = 0;
        for (Upload upload : expired) {
            if (upload.abortIfIdle()) {
                forget(upload.id());
                count++;
            }
        }
        return count;
    }

    /** Lets go of the files of uploads that nobody writes to; they go on when asked for. */
    public void rest() {
        // they stay known: a request may have found one and not begun its work
        open.values().forEach(Upload::closeIfIdle);
    }

    /** Keeps every upload's bytes for the next process. */
    @Override
    public void close() {
        open.values().forEach(Upload::close);
        open.clear();
    }
}
