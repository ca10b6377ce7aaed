package dev.forno.engine.images;

import dev.forno.engine.images.records.AttachedRecord;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import dev.forno.registry.client.BlobSink;
import dev.forno.registry.client.ImageResolution;
import dev.forno.registry.client.Repository;
import dev.forno.store.Store;
import dev.forno.store.contents.BlobStat;
import dev.forno.store.contents.Ingest;
import dev.forno.store.leases.Lease;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What an index holds about an image that is pulled from it, on its way here. */
final class PullAttachments {
    private final Store store;
    private final Repository repository;
    private final List<AttachedRecord> records = new ArrayList<>();
    private final Map<Digest, byte[]> documents = new LinkedHashMap<>();
    private final Set<Descriptor> missing = ConcurrentHashMap.newKeySet();

    private PullAttachments(Store store, Repository repository) {
        this.store = store;
        this.repository = repository;
    }

    /**
     * Finds the manifests; those that the registry doesn't have, or doesn't give, are left out, as with any index that was
     * copied in part: an image runs without.
     */
    static PullAttachments find(
            Store store, Repository repository, Reference reference, ImageResolution resolved, Lease lease) {
        PullAttachments found = new PullAttachments(store, repository);
        for (Descriptor entry :
                Attestations.of(resolved.indexes(), resolved.image().descriptor())) {
            lease.protect(entry.contentDigest());
            found.add(reference, entry);
        }
        found.blobs().forEach(blob -> lease.protect(blob.contentDigest()));
        return found;
    }

    private void add(Reference reference, Descriptor entry) {
        Digest digest = entry.contentDigest();
        byte[] bytes;
        if (store.content().stat(digest).isPresent()) {
            bytes = store.content().readAll(digest, Documents.MAX_MANIFEST_BYTES);
        } else {
            try {
                bytes = repository.manifest(reference.withDigest(digest)).bytes();
            } catch (FornoException e) {
                switch (e.kind()) {
                    case NOT_FOUND, PERMISSION_DENIED, UNAUTHENTICATED -> {
                        return;
                    }
                    default -> throw e;
                }
            }
        }
        PullClaims.requireSize(entry, bytes.length);
        Attestations.record(entry, Documents.manifest(bytes)).ifPresent(record -> {
            records.add(record);
            documents.put(digest, bytes);
        });
    }

    /** What was found of which no blob was missing, or null for nothing. */
    @Nullable
    List<AttachedRecord> records() {
        List<AttachedRecord> whole = whole();
        return whole.isEmpty() ? null : whole;
    }

    private List<AttachedRecord> whole() {
        return records.stream()
                .filter(record -> record.blobs().stream().noneMatch(missing::contains))
                .toList();
    }

    /** The blobs that the registry lacked. */
    List<Descriptor> missing() {
        return List.copyOf(missing);
    }

    /** All that they consist of, each once for every size that is said of it. */
    List<Descriptor> blobs() {
        return records.stream()
                .flatMap(record -> record.blobs().stream())
                .distinct()
                .toList();
    }

    /** Brings one of the blobs, unless it is here or the registry lacks it; wrong bytes once more from the registry itself. */
    void fetch(Descriptor blob) {
        Optional<BlobStat> here = store.content().stat(blob.contentDigest());
        if (here.isPresent()) {
            PullClaims.requireSize(blob, here.get().size());
            return;
        }
        try {
            fetch(repository, blob, false);
        } catch (FornoException e) {
            switch (e.kind()) {
                case NOT_FOUND -> missing.add(blob);
                case DATA_LOSS -> fetch(repository.origin(), blob, true);
                default -> throw e;
            }
        }
    }

    private void fetch(Repository from, Descriptor blob, boolean anew) {
        try (Ingest ingest = store.content().ingest(blob.digest())) {
            if (anew || ingest.offset() > blob.size()) {
                ingest.truncate();
            }
            from.fetch(blob, new BlobSink() {
                @Override
                public long offset() {
                    return ingest.offset();
                }

                @Override
                public void write(byte[] buffer, int offset, int length) {
                    ingest.write(buffer, offset, length);
                }
            });
            ingest.commit(blob.contentDigest(), blob.size());
        }
    }

    /** Stores the manifests whose blobs are here. */
    void keep() {
        for (AttachedRecord record : whole()) {
            Digest digest = record.manifest().contentDigest();
            store.content().put(digest, Objects.requireNonNull(documents.get(digest)));
        }
    }
}
