package dev.forno.engine.images;

import dev.forno.engine.images.records.AttachedRecord;
import dev.forno.engine.images.records.ImageRecord;
import dev.forno.engine.images.records.NameRecord;
import dev.forno.engine.images.records.PlatformRecord;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Manifest;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import dev.forno.registry.client.BlobOutcome;
import dev.forno.registry.client.ManifestDocument;
import dev.forno.registry.client.Repository;
import dev.forno.store.Store;
import dev.forno.store.leases.Lease;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One push of one tag: blobs in parallel, those that the registry lacks, then the manifest. */
final class Push {
    private final Catalog catalog;
    private final Store store;
    private final PushPackings packings;
    private final Repository repository;
    private final UnfinishedPushes unfinished;
    private final Semaphore slots;
    private final Reporter reporter;

    Push(
            Catalog catalog,
            UnfinishedPushes unfinished,
            Store store,
            Repository repository,
            Semaphore slots,
            Reporter reporter) {
        this.catalog = catalog;
        this.unfinished = unfinished;
        this.store = store;
        this.packings = new PushPackings(catalog, store);
        this.repository = repository;
        this.slots = slots;
        this.reporter = reporter;
    }

    /** Pushes what {@code reference}, which has a tag, names here, or one platform's image of it. */
    Digest run(Reference reference, @Nullable Platform platform) {
        try (Lease lease = store.leases().open("push " + reference)) {
            NameRecord name = catalog.name(reference).orElseThrow(() -> unknown(reference));
            PushChoice choice = new PushChoice(catalog, store, repository);
            IndexTree whole = choice.index(reference, name, platform, reporter);
            List<PlatformRecord> images = whole == null ? List.of(choice.one(name, platform)) : name.images();
            Descriptor target = null;
            byte[] bytes = new byte[0];
            for (PlatformRecord one : images) {
                ImageRecord image = catalog.image(Digest.parse(one.image()))
                        .map(found -> found.withPacking(one.packing()))
                        .orElseThrow(() -> unknown(reference));
                image = whole == null ? packings.compressed(reference, image, lease, reporter) : image;
                target = image.manifest();
                bytes = content(reference, image, lease);
                if (whole != null) {
                    repository.push(target, bytes, target.digest());
                    one.packing().attachments().forEach(attached -> attached(reference, attached, lease));
                }
            }
            String tag = reference.optionalTag().orElseThrow();
            if (whole != null) {
                ManifestDocument index = lists(whole);
                target = index.descriptor();
                bytes = index.bytes();
            }
            Descriptor pushed = Objects.requireNonNull(target);
            repository.push(pushed, bytes, tag);
            keepDigest(reference, name, images, pushed);
            reporter.report(new Progress.Pushed(tag, pushed.digest(), bytes.length));
            return Digest.parse(images.getFirst().image());
        }
    }

    private static FornoException unknown(Reference reference) {
        return new FornoException(ErrorKind.NOT_FOUND, "tag does not exist: " + reference.familiar());
    }

    /** Sends the layers and the configuration of an image; gives its manifest. */
    private byte[] content(Reference reference, ImageRecord image, Lease lease) {
        Descriptor target = image.manifest();
        lease.protect(target.contentDigest());
        lease.protect(image.digest());
        image.layers().forEach(layer -> lease.protect(layer.contentDigest()));
        byte[] bytes = store.content().readAll(target.contentDigest(), Documents.MAX_MANIFEST_BYTES);
        Manifest manifest = Documents.manifest(bytes);
        pushLayers(reference, image, manifest);
        repository.push(
                manifest.config(), () -> store.content().read(manifest.config().contentDigest()), null, n -> {});
        return bytes;
    }

    /** Sends what the index holds about an image; clients are shown images only. */
    private void attached(Reference reference, AttachedRecord attached, Lease lease) {
        Descriptor manifest = attached.manifest();
        lease.protect(manifest.contentDigest());
        attached.blobs().forEach(blob -> lease.protect(blob.contentDigest()));
        for (Descriptor blob : attached.blobs()) {
            repository.push(
                    blob,
                    () -> store.content().read(blob.contentDigest()),
                    otherRepository(reference, blob),
                    unfinished,
                    n -> {});
        }
        byte[] bytes = store.content().readAll(manifest.contentDigest(), Documents.MAX_MANIFEST_BYTES);
        repository.push(manifest, bytes, manifest.digest());
    }

    /** Sends all indexes but the outermost, which it gives: a registry takes a list only when it has what is listed. */
    private ManifestDocument lists(IndexTree whole) {
        List<ManifestDocument.OfIndex> indexes = whole.indexes();
        for (ManifestDocument.OfIndex inner : indexes.subList(0, indexes.size() - 1)) {
            Descriptor target = inner.descriptor();
            repository.push(target, inner.bytes(), target.digest());
        }
        return indexes.getLast();
    }

    /** What was pushed is known by its digest from now on. */
    private void keepDigest(Reference reference, NameRecord name, List<PlatformRecord> images, Descriptor pushed) {
        Reference byDigest = reference.withDigest(pushed.contentDigest());
        for (PlatformRecord one : images) {
            // Compression may have given the name another packing meanwhile.
            NameRecord current = catalog.name(reference).orElse(name);
            current.images().stream()
                    .filter(found -> found.image().equals(one.image()))
                    .findFirst()
                    .ifPresent(found -> catalog.image(Digest.parse(found.image()))
                            .map(record -> record.withPacking(found.packing()))
                            .ifPresent(record -> catalog.addName(record, byDigest, pushed)));
        }
    }

    private void pushLayers(Reference reference, ImageRecord image, Manifest manifest) {
        List<Runnable> tasks = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        // Highest first, as Docker lists them.
        for (int i = manifest.layers().size() - 1; i >= 0; i--) {
            Descriptor blob = manifest.layers().get(i);
            String id = i < image.diffIds().size()
                    ? Digest.parse(image.diffIds().get(i)).shortHex()
                    : blob.contentDigest().shortHex();
            if (seen.add(blob.digest())) {
                reporter.status(id, "Preparing");
                tasks.add(() -> pushLayer(reference, blob, id));
            }
        }
        Parallel.run("push image", tasks);
    }

    private void pushLayer(Reference reference, Descriptor blob, String id) {
        try {
            if (!slots.tryAcquire()) {
                reporter.status(id, "Waiting");
                slots.acquire();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FornoException(ErrorKind.CANCELLED, "push image: cancelled", e);
        }
        try {
            String source = otherRepository(reference, blob);
            Reporter.Counter counter = reporter.counter(id, "Pushing", blob.size());
            BlobOutcome outcome = repository.push(
                    blob, () -> store.content().read(blob.contentDigest()), source, unfinished, counter::at);
            reporter.status(
                    id,
                    switch (outcome) {
                        case EXISTED -> "Layer already exists";
                        // the engine's own registry takes what the engine has
                        case MOUNTED -> source == null ? "Layer already exists" : "Mounted from " + source;
                        case SENT -> "Pushed";
                    });
        } finally {
            slots.release();
        }
    }

    /** Another repository of the same registry that was exchanged with and has an image with the blob. */
    private @Nullable String otherRepository(Reference reference, Descriptor blob) {
        Catalog.Snapshot all = catalog.snapshot();
        Optional<Reference> source = all.names().entrySet().stream()
                .filter(entry -> has(all, entry.getValue(), blob))
                .map(entry -> Reference.parse(entry.getKey()))
                .filter(name -> name.digest() != null
                        && name.registry().equals(reference.registry())
                        && !name.repository().equals(reference.repository()))
                .findFirst();
        return source.map(Reference::repository).orElse(null);
    }

    private static boolean has(Catalog.Snapshot all, NameRecord name, Descriptor blob) {
        return name.images().stream().anyMatch(one -> {
            ImageRecord image = all.images().get(Digest.parse(one.image()));
            Stream<Descriptor> attached =
                    one.packing().attachments().stream().flatMap(record -> record.blobs().stream());
            return image != null
                    && Stream.of(image.layers().stream(), one.packing().layers().stream(), attached)
                            .flatMap(blobs -> blobs)
                            .anyMatch(layer -> layer.digest().equals(blob.digest()));
        });
    }
}
