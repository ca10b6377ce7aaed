package dev.forno.engine.images;

import dev.forno.engine.images.records.ImageRecord;
import dev.forno.engine.images.records.Packing;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.ImageConfig;
import dev.forno.oci.Manifest;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import dev.forno.registry.client.BlobSink;
import dev.forno.registry.client.ImageResolution;
import dev.forno.registry.client.ManifestDocument;
import dev.forno.registry.client.Repository;
import dev.forno.store.Store;
import dev.forno.store.contents.BlobStat;
import dev.forno.store.layers.Layers;
import dev.forno.store.leases.Lease;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** One pull of one reference: documents, layers in parallel, then the names in one transaction. */
final class Pull {
    private final Catalog catalog;
    private final UnfinishedPulls unfinished;
    private final Store store;
    private final Repository repository;
    private final BlobLocks locks;
    private final Semaphore slots;
    private final Reporter reporter;

    Pull(
            Catalog catalog,
            UnfinishedPulls unfinished,
            Store store,
            Repository repository,
            BlobLocks locks,
            Semaphore slots,
            Reporter reporter) {
        this.catalog = catalog;
        this.unfinished = unfinished;
        this.store = store;
        this.repository = repository;
        this.locks = locks;
        this.slots = slots;
        this.reporter = reporter;
    }

    /** Pulls {@code reference} for {@code platform}, or for this machine. */
    Image run(Reference reference, @Nullable Platform platform) {
        ImageResolution resolved = ImageResolution.of(repository, reference, platform);
        Digest asked = reference.digest();
        String shown = asked == null ? String.valueOf(reference.tag()) : asked.toString();
        reporter.status(shown, "Pulling from " + pathOf(reference));
        Descriptor target = resolved.target().descriptor();
        Map<Reference, Descriptor> names = new LinkedHashMap<>();
        if (asked == null) {
            names.put(reference, target);
        }
        names.put(reference.withDigest(target.contentDigest()), target);
        boolean newer;
        ImageRecord record;
        ImageConfig config;
        try (Lease lease = store.leases().open("pull " + reference)) {
            PullAttachments attachments = PullAttachments.find(store, repository, reference, resolved, lease);
            record = fetch(resolved, platform, attachments, lease);
            config = catalog.config(record.digest());
            newer = names.keySet().stream().anyMatch(name -> isNew(name, record));
            catalog.record(record, names, Catalog.MoveListener.NONE);
            unfinished.end(resolved.image().descriptor().contentDigest());
        }
        reporter.status(null, "Digest: " + target.digest());
        reporter.status(
                null,
                newer
                        ? "Status: Downloaded newer image for " + reference.familiar()
                        : "Status: Image is up to date for " + reference.familiar());
        warnOfPlatform(reference, platform, config);
        return new Image(record.digest(), config);
    }

    private boolean isNew(Reference name, ImageRecord record) {
        return catalog.name(name).map(known -> !known.has(record.id())).orElse(true);
    }

    /** Docker names the path at the registry, with {@code library/} and without the host. */
    private static String pathOf(Reference reference) {
        return reference.repository();
    }

    private void warnOfPlatform(Reference reference, @Nullable Platform wanted, ImageConfig config) {
        if (wanted != null && !wanted.accepts(config.platform())) {
            reporter.status(
                    null,
                    "WARNING: image with reference " + reference.familiar() + " was found but its platform ("
                            + config.platform() + ") does not match the specified platform (" + wanted + ")");
        }
    }

    private ImageRecord fetch(
            ImageResolution resolved, @Nullable Platform platform, PullAttachments attachments, Lease lease) {
        Manifest manifest = resolved.image().manifest();
        Descriptor configBlob = manifest.config();
        PullClaims.requireImage(manifest);
        protect(lease, configBlob);
        protect(lease, resolved.image().descriptor());
        resolved.indexes().forEach(index -> protect(lease, index.descriptor()));
        ImageConfig config = Documents.imageConfig(configBytes(configBlob));
        PullClaims.requireSystem(config, platform);
        config.requireSound();
        List<Digest> diffIds = config.diffIds();
        if (diffIds.size() != manifest.layers().size()) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "pull image: the manifest has " + manifest.layers().size() + " layers, the configuration "
                            + diffIds.size());
        }
        List<Runnable> tasks = new ArrayList<>();
        Map<Digest, Digest> distinct = new HashMap<>();
        for (int i = 0; i < diffIds.size(); i++) {
            Descriptor blob = manifest.layers().get(i);
            Digest diffId = diffIds.get(i);
            if (distinct.putIfAbsent(blob.contentDigest(), diffId) != null) {
                continue;
            }
            lease.protect(diffId);
            protect(lease, blob);
            if (isStored(blob) && store.snapshotter().layer(diffId).isPresent()) {
                reporter.status(shortId(blob), "Already exists");
            } else {
                reporter.status(shortId(blob), "Pulling fs layer");
                tasks.add(() -> layer(blob, diffId));
            }
        }
        attachments.blobs().forEach(blob -> tasks.add(() -> attachment(attachments, blob)));
        List<Descriptor> blobs = new ArrayList<>(manifest.layers());
        blobs.add(configBlob);
        blobs.addAll(attachments.blobs());
        List<Runnable> last = new ArrayList<>();
        last.add(() -> keep(resolved.image()));
        resolved.indexes().forEach(index -> last.add(() -> keep(index)));
        last.add(() -> store.snapshotter().index(diffIds)); // may refuse them
        unfinished.during(resolved.image().descriptor().contentDigest(), blobs, diffIds, () -> {
            Parallel.run("pull image", tasks);
            Parallel.run("pull image", last);
        });
        attachments.keep();
        attachments
                .missing()
                .forEach(blob -> reporter.status(
                        null, "WARNING: an attestation was left out: the registry lacks its blob " + blob.digest()));
        return new ImageRecord(
                configBlob.digest(),
                new Packing(
                        resolved.image().descriptor(),
                        manifest.layers().stream().map(IndexTree::plain).toList(),
                        false,
                        attachments.records(),
                        within(resolved)),
                diffIds.stream().map(Digest::toString).toList(),
                null,
                null);
    }

    /** The indexes below the one that is named, or null for none. */
    private static @Nullable List<Descriptor> within(ImageResolution resolved) {
        List<Descriptor> inner = resolved.indexes().stream()
                .skip(1)
                .map(ManifestDocument.OfIndex::descriptor)
                .toList();
        return inner.isEmpty() ? null : inner;
    }

    private void keep(ManifestDocument document) {
        store.content().put(document.descriptor().contentDigest(), document.bytes());
    }

    private byte[] configBytes(Descriptor blob) {
        Digest digest = blob.contentDigest();
        if (isStored(blob)) {
            return store.content().readAll(digest, Documents.MAX_CONFIG_BYTES);
        }
        byte[] bytes = fetchConfig(blob);
        store.content().put(digest, bytes);
        return bytes;
    }

    private byte[] fetchConfig(Descriptor blob) {
        try {
            return repository.blob(blob, Documents.MAX_CONFIG_BYTES);
        } catch (FornoException e) {
            if (e.kind() != ErrorKind.DATA_LOSS) {
                throw e;
            }
            try {
                return repository.origin().blob(blob, Documents.MAX_CONFIG_BYTES);
            } catch (FornoException again) {
                again.addSuppressed(e);
                throw again;
            }
        }
    }

    private void layer(Descriptor blob, Digest diffId) {
        String id = shortId(blob);
        locks.whileHeld(blob.contentDigest(), () -> {
            if (isStored(blob)) {
                downloaded(blob, id);
                store.layers().add(blob, diffId);
            } else {
                inSlot(id, () -> store.layers().receive(blob, diffId, new Download(blob, id)));
            }
            reporter.status(id, "Pull complete");
        });
    }

    /** Docker's clients show layers only. */
    private void attachment(PullAttachments attachments, Descriptor blob) {
        locks.whileHeld(blob.contentDigest(), () -> inSlot(null, () -> attachments.fetch(blob)));
    }

    private void downloaded(Descriptor blob, String id) {
        reporter.status(id, "Download complete");
        reporter.report(new Progress.Bytes(id, "Extracting", blob.size(), blob.size()));
    }

    private void inSlot(@Nullable String id, Runnable work) {
        try {
            if (!slots.tryAcquire()) {
                if (id != null) {
                    reporter.status(id, "Waiting");
                }
                slots.acquire();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FornoException(ErrorKind.CANCELLED, "pull image: cancelled", e);
        }
        try {
            work.run();
        } finally {
            slots.release();
        }
    }

    /** Brings a layer's blob, the second time from the registry itself; it is installed while it arrives. */
    private final class Download implements Layers.Arrival {
        private final Descriptor blob;
        private final String id;
        private Repository from = repository;

        private Download(Descriptor blob, String id) {
            this.blob = blob;
            this.id = id;
        }

        @Override
        public void fetch(Layers.BlobSink sink) {
            Reporter.Counter counter = reporter.counter(id, "Downloading", blob.size());
            Repository now = from;
            // What a mirror gave wrongly, it would give wrongly again.
            from = repository.origin();
            now.fetch(blob, new BlobSink() {
                @Override
                public long offset() {
                    return sink.offset();
                }

                @Override
                public void write(byte[] buffer, int offset, int length) {
                    sink.write(buffer, offset, length);
                    counter.at(sink.offset());
                }
            });
            reporter.status(id, "Verifying Checksum");
        }

        @Override
        public void verified() {
            downloaded(blob, id);
        }
    }

    private boolean isStored(Descriptor blob) {
        Optional<BlobStat> here = store.content().stat(blob.contentDigest());
        here.ifPresent(stat -> PullClaims.requireSize(blob, stat.size()));
        return here.isPresent();
    }

    private static void protect(Lease lease, Descriptor content) {
        lease.protect(content.contentDigest());
    }

    private static String shortId(Descriptor blob) {
        return blob.contentDigest().shortHex();
    }
}
