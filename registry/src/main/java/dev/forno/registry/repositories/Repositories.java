package dev.forno.registry.repositories;

import dev.forno.oci.Digest;
import dev.forno.registry.documents.LinkRecord;
import dev.forno.registry.documents.RecordJson;
import dev.forno.store.garbage.Roots;
import dev.forno.store.records.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;

/** All repositories of a registry. Thread-safe. */
public final class Repositories implements AutoCloseable {
    private final Database database;
    private final InstantSource clock;
    private final RecentUse recent;
    private final BlobLinks links;
    private final Manifests manifests;
    private final Tags tags;
    private final Uploads uploads;
    private final FetchedContent fetched;

    /**
     * The repositories of a store; there are none at first.
     *
     * @param retention what {@link #tidy} lets go of
     */
    public Repositories(Storage storage, Retention retention, InstantSource clock) {
        database = storage.database();
        this.clock = clock;
        recent = new RecentUse(retention.grace(), clock);
        links = new BlobLinks(database, storage.content(), recent, clock);
        manifests = new Manifests(database, storage.content(), storage.leases(), recent, clock);
        tags = new Tags(database);
        uploads = new Uploads(database, storage.content(), storage.leases(), links, retention.uploads(), clock);
        fetched = new FetchedContent(database, recent, retention, clock);
    }

    /** Blobs. */
    public BlobLinks links() {
        return links;
    }

    /** Manifests. */
    public Manifests manifests() {
        return manifests;
    }

    /** Tags and names. */
    public Tags tags() {
        return tags;
    }

    /** Uploads. */
    public Uploads uploads() {
        return uploads;
    }

    /** Everything that the repositories of a database hold. */
    public static Roots roots(Database database) {
        Tables tables = Tables.of(database);
        Set<Digest> blobs = new HashSet<>();
        for (String repository : tables.repositories().list().keySet()) {
            tables.links(repository).list().keySet().forEach(digest -> blobs.add(Digest.parse(digest)));
            tables.manifests(repository).list().keySet().forEach(digest -> blobs.add(Digest.parse(digest)));
        }
        return new Roots(blobs, Set.of());
    }

    /**
     * Lets go of what nobody needs any more: old uploads, copies of other registries' content that nobody asks
     * for or that are too many, and blobs that no manifest of their repository needs. What that
     * leaves without a holder is removed by the store's next collection.
     */
    public void tidy() {
        Instant begun = clock.instant();
        uploads.expire();
        uploads.rest();
        fetched.evict();
        prune();
        recent.forgetOld(begun);
    }

    /** Takes out of every repository the blobs that no manifest there needs, and names that nothing is left of. */
    private void prune() {
        for (String repository : Tables.of(database).repositories().list().keySet()) {
            recent.removing(() -> database.transaction(tx -> prune(new Tables(tx::table), repository)));
        }
    }

    private boolean prune(Tables tables, String repository) {
        boolean[] empty = {true};
        tables.links(repository).list().forEach((digest, json) -> {
            LinkRecord link = RecordJson.read(LinkRecord.class, json);
            if (tables.users(repository, digest).list().isEmpty() && !recent.keeps(repository, digest, link.linked())) {
                BlobLinks.drop(tables, repository, Digest.parse(digest));
            } else {
                empty[0] = false;
            }
        });
        boolean unused = empty[0] && tables.manifests(repository).list().isEmpty();
        return unused && tables.repositories().delete(repository);
    }

    /** Keeps uploads for the next process. */
    @Override
    public void close() {
        uploads.close();
    }
}
