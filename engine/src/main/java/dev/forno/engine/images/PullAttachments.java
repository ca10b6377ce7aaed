package dev.forno.engine.images;

import dev.forno.engine.images.records.AttachedRecord;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import dev.forno.registry.client.BlobSink;
import dev.forno.registry.client.ImageResolution;
import dev.forno.registry.client.ManifestDocument;
import dev.forno.registry.client.Repository;
import dev.forno.store.Store;
import dev.forno.store.contents.BlobStat;
import dev.forno.store.contents.Ingest;
import dev.forno.store.leases.Lease;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an index holds about an image that is pulled from it, on its way here. */
final class PullAttachments {
    private final Store store;
    private final Repository repository;
    private final List<AttachedRecord> records = new ArrayList<>();
    private final Map<Digest, byte[]> documents = new LinkedHashMap<>();

    private PullAttachments(Store store, Repository repository) {
        this.store = store;
        this.repository = repository;
    }

    /** Finds the manifests; those that the registry doesn't have are left out, as with any index that was copied in part. */
    static PullAttachments find(
            Store store, Repository repository, Reference reference, ImageResolution resolved, Lease lease) {
        PullAttachments found = new PullAttachments(store, repository);
        if (resolved.target() instanceof ManifestDocument.OfIndex list) {
            for (Descriptor entry :
                    Attestations.of(list.index(), resolved.image().descriptor())) {
                lease.protect(entry.contentDigest());
                found.add(reference, entry);
            }
            found.blobs().forEach(blob -> lease.protect(blob.contentDigest()));
        }
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
                if (e.kind() == ErrorKind.NOT_FOUND) {
                    return;
                }
                throw e;
            }
        }
        requireSize(entry, bytes.length);
        Attestations.record(entry, Documents.manifest(bytes)).ifPresent(record -> {
            records.add(record);
            documents.put(digest, bytes);
        });
    }

    /** What was found, or null for nothing. */
    @Nullable
    List<AttachedRecord> records() {
        return records.isEmpty() ? null : List.copyOf(records);
    }

    /** All that they consist of, each once for every size that is said of it. */
    List<Descriptor> blobs() {
        return records.stream()
                .flatMap(record -> record.blobs().stream())
                .distinct()
                .toList();
    }

    /** Brings one of the blobs, unless it is here; wrong bytes once more from the registry itself. */
    void fetch(Descriptor blob) {
        Optional<BlobStat> here = store.content().stat(blob.contentDigest());
        if (here.isPresent()) {
            requireSize(blob, here.get().size());
            return;
        }
        try {
            fetch(repository, blob, false);
        } catch (FornoException e) {
            if (e.kind() != ErrorKind.DATA_LOSS) {
                throw e;
            }
            fetch(repository.origin(), blob, true);
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

    /** Whoever got it from here by its descriptor would not accept it. */
    private static void requireSize(Descriptor described, long size) {
        if (described.size() != size) {
            throw new FornoException(
                    ErrorKind.DATA_LOSS,
                    "pull image: " + described.digest() + " of an attestation has " + size
                            + " bytes, what lists it says " + described.size());
        }
    }

    /** Stores the manifests, whose blobs are here. */
    void keep() {
        documents.forEach(store.content()::put);
    }
}
