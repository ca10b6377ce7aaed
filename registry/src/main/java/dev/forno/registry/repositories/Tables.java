package dev.forno.registry.repositories;

import dev.forno.oci.Digest;
import dev.forno.store.records.Database;
import dev.forno.store.records.RecordTable;
import java.util.function.Function;

/** The tables of a registry, seen through a transaction or through the database itself. */
record Tables(Function<String, RecordTable> source) {
    private static final byte[] PRESENT = {'{', '}'};

    static Tables of(Database database) {
        return new Tables(database::table);
    }

    /** Every repository's name. */
    RecordTable repositories() {
        return source.apply("registry-repository");
    }

    /** Blobs of a repository by digest. */
    RecordTable links(String repository) {
        return source.apply("registry-blob/" + repository);
    }

    /** Manifests of a repository by digest. */
    RecordTable manifests(String repository) {
        return source.apply("registry-manifest/" + repository);
    }

    /** Tags of a repository by name. */
    RecordTable tags(String repository) {
        return source.apply("registry-tag/" + repository);
    }

    /** Manifests of a repository that need a blob, by digest. */
    RecordTable users(String repository, String blob) {
        return source.apply("registry-user/" + repository + "@" + blob);
    }

    /** Descriptors of a repository's manifests whose subject is the digest. */
    RecordTable referrers(String repository, String subject) {
        return source.apply("registry-referrer/" + repository + "@" + subject);
    }

    /** Repositories that hold a blob, by name. */
    RecordTable holders(Digest blob) {
        return source.apply("registry-holder/" + blob);
    }

    /** Blobs of a repository that were fetched from another registry, by digest. */
    RecordTable fetchedBlobs(String repository) {
        return source.apply("registry-fetched-blob/" + repository);
    }

    /** Manifests of a repository that were fetched from another registry, by digest. */
    RecordTable fetchedManifests(String repository) {
        return source.apply("registry-fetched-manifest/" + repository);
    }

    /** Uploads under way, by id. */
    RecordTable uploads() {
        return source.apply("registry-upload");
    }

    void remember(String repository) {
        repositories().putIfAbsent(repository, PRESENT);
    }

    static void mark(RecordTable table, String id) {
        table.putIfAbsent(id, PRESENT);
    }
}
