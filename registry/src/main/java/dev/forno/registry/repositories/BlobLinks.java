package dev.forno.registry.repositories;

import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.registry.documents.LinkRecord;
import dev.forno.registry.documents.RecordJson;
import dev.forno.store.contents.BlobStat;
import dev.forno.store.contents.ContentStore;
import dev.forno.store.records.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Which blobs a repository holds. The same bytes in many repositories are stored once. Thread-safe. */
public final class BlobLinks {
    private final Database database;
    private final ContentStore content;
    private final RecentUse recent;
    private final InstantSource clock;

    BlobLinks(Database database, ContentStore content, RecentUse recent, InstantSource clock) {
        this.database = database;
        this.content = content;
        this.recent = recent;
        this.clock = clock;
    }

    /** The blob, when the repository holds it. Whoever was told so may count on it for a while: see {@link RecentUse}. */
    public Optional<BlobStat> find(String repository, Digest digest) {
        boolean linked = recent.using(repository, digest, () -> Tables.of(database)
                        .links(repository)
                        .get(digest.toString()))
                .isPresent();
        return linked ? content.stat(digest) : Optional.empty();
    }

    /** Makes the repository hold a blob that is stored; its caller has it leased. */
    public void add(String repository, Digest digest, long size) {
        add(repository, digest, size, false);
    }

    /** The same for a blob that comes from another registry, and may go when nobody asks for it any more. */
    public void addCopy(String repository, Digest digest, long size) {
        add(repository, digest, size, true);
    }

    private void add(String repository, Digest digest, long size, boolean copy) {
        byte[] record = RecordJson.write(
                LinkRecord.class, new LinkRecord(size, clock.instant().getEpochSecond()));
        database.run(tx -> {
            Tables tables = new Tables(tx::table);
            tables.remember(repository);
            if (copy) {
                FetchedContent.mark(
                        tables.fetchedBlobs(repository), tables.links(repository), digest, size, clock.instant());
            } else {
                tables.fetchedBlobs(repository).delete(digest.toString());
            }
            tables.links(repository).put(digest.toString(), record);
            Tables.mark(tables.holders(digest), repository);
        });
    }

    /** The repositories that hold a blob. */
    public List<String> holders(Digest digest) {
        return List.copyOf(Tables.of(database).holders(digest).list().keySet());
    }

    /**
     * Takes a blob out of a repository; its bytes go with the next collection when nothing else holds them.
     *
     * @return whether it was there
     * @throws FornoException {@link ErrorKind#CONFLICT} when a manifest of the repository needs it
     */
    public boolean remove(String repository, Digest digest) {
        return database.transaction(tx -> {
            Tables tables = new Tables(tx::table);
            List<String> users = List.copyOf(
                    tables.users(repository, digest.toString()).list().keySet());
            if (!users.isEmpty()
                    && tables.links(repository).get(digest.toString()).isPresent()) {
                throw new FornoException(
                        ErrorKind.CONFLICT,
                        "delete blob " + digest + ": manifest " + users.getFirst() + " of " + repository
                                + " needs it; delete that first");
            }
            return drop(tables, repository, digest);
        });
    }

    static boolean drop(Tables tables, String repository, Digest digest) {
        tables.holders(digest).delete(repository);
        tables.fetchedBlobs(repository).delete(digest.toString());
        return tables.links(repository).delete(digest.toString());
    }
}
