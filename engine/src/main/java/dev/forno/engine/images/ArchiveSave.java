package dev.forno.engine.images;

import dev.forno.engine.images.records.ArchiveEntry;
import dev.forno.engine.images.records.ImageRecord;
import dev.forno.engine.images.records.NameRecord;
import dev.forno.engine.images.records.Packing;
import dev.forno.engine.images.records.PlatformRecord;
import dev.forno.engine.images.records.RecordJson;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Index;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import dev.forno.store.Store;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarWriter;
import dev.forno.store.leases.Lease;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One archive to be written: a docker archive that is an OCI layout too; every blob is in it once. */
final class ArchiveSave implements AutoCloseable {
    private final Catalog catalog;
    private final Store store;
    private final Lease lease;
    private final Map<ImageRecord, List<Reference>> images;

    private ArchiveSave(Catalog catalog, Store store, Lease lease, Map<ImageRecord, List<Reference>> images) {
        this.catalog = catalog;
        this.store = store;
        this.lease = lease;
        this.images = images;
    }

    /** Finds the images and keeps them from removal. */
    static ArchiveSave of(
            Catalog catalog, ImageNames names, Store store, List<String> wanted, @Nullable Platform platform) {
        Lease lease = store.leases().open("save images");
        try {
            Map<Digest, List<Reference>> chosen = new LinkedHashMap<>();
            Map<Digest, Packing> packings = new HashMap<>();
            for (String text : wanted) {
                choose(catalog, names, text, platform, chosen, packings);
            }
            Map<ImageRecord, List<Reference>> images = new LinkedHashMap<>();
            chosen.forEach((id, tags) -> {
                ImageRecord found = catalog.image(id).orElseThrow(() -> ImageNames.notFound(id.toString()));
                ImageRecord image = found.withPacking(packings.getOrDefault(id, found.packing()));
                lease.protect(id);
                lease.protect(image.manifest().contentDigest());
                image.layers().forEach(layer -> lease.protect(layer.contentDigest()));
                requirePlatform(catalog, id, platform);
                images.put(image, tags.stream().distinct().toList());
            });
            return new ArchiveSave(catalog, store, lease, images);
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    /**
     * A name without tag means all tags of the repository, as with Docker. An image is saved in the packing of the first
     * name asked for, so that the archive has the manifest that the name has.
     */
    private static void choose(
            Catalog catalog,
            ImageNames names,
            String text,
            @Nullable Platform platform,
            Map<Digest, List<Reference>> chosen,
            Map<Digest, Packing> packings) {
        if (!text.matches("(?:sha256:)?[a-f0-9]{64}")) {
            Reference reference = Reference.parse(text);
            Map<String, NameRecord> all = catalog.snapshot().names();
            boolean found = false;
            for (Map.Entry<String, NameRecord> entry : all.entrySet()) {
                Reference name = Reference.parse(entry.getKey());
                boolean meant = (reference.tag() == null && reference.digest() == null)
                        ? name.digest() == null && name.name().equals(reference.name())
                        : name.equals(reference);
                if (meant) {
                    found = true;
                    // One of another platform is refused later.
                    PlatformRecord saved = catalog.choose(entry.getValue(), platform)
                            .orElse(entry.getValue().images().getFirst());
                    Digest image = Digest.parse(saved.image());
                    packings.putIfAbsent(image, saved.packing());
                    List<Reference> tags = chosen.computeIfAbsent(image, id -> new ArrayList<>());
                    if (name.digest() == null) {
                        tags.add(name);
                    }
                }
            }
            if (found) {
                return;
            }
        }
        chosen.computeIfAbsent(names.resolve(text), id -> new ArrayList<>());
    }

    private static void requirePlatform(Catalog catalog, Digest id, @Nullable Platform wanted) {
        Platform actual = catalog.config(id).platform();
        if (wanted != null && !wanted.accepts(actual)) {
            throw new FornoException(
                    ErrorKind.NOT_FOUND,
                    "save image " + id + ": it is for " + actual + ", not for the requested platform " + wanted);
        }
    }

    List<Digest> images() {
        return images.keySet().stream().map(ImageRecord::digest).toList();
    }

    void writeTo(OutputStream out) {
        try {
            TarWriter tar = new TarWriter(new BufferedOutputStream(out, 1 << 16));
            tar.add(TarEntry.directory("blobs", 0755, Instant.EPOCH));
            tar.add(TarEntry.directory("blobs/sha256", 0755, Instant.EPOCH));
            for (Map.Entry<Digest, Long> blob : blobs().entrySet()) {
                String path = "blobs/" + blob.getKey().algorithm() + "/"
                        + blob.getKey().hex();
                try (InputStream in = store.content().read(blob.getKey())) {
                    tar.add(TarEntry.file(path, 0644, blob.getValue(), Instant.EPOCH), in);
                }
            }
            document(tar, "index.json", Documents.write(Index.class, index()));
            document(tar, "manifest.json", RecordJson.write(entries()));
            document(tar, "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
            document(tar, "repositories", RecordJson.write(repositories()));
            tar.finish();
        } catch (IOException e) {
            throw new FornoException(ErrorKind.UNAVAILABLE, "save images: the archive can't be written: " + e, e);
        }
    }

    /** All blobs with their sizes, in the order of their digests. */
    private SortedMap<Digest, Long> blobs() {
        SortedMap<Digest, Long> blobs = new TreeMap<>();
        for (ImageRecord image : images.keySet()) {
            Descriptor manifest = image.manifest();
            blobs.put(manifest.contentDigest(), manifest.size());
            blobs.put(
                    image.digest(),
                    store.content().stat(image.digest()).orElseThrow().size());
            image.layers().forEach(layer -> blobs.put(layer.contentDigest(), layer.size()));
        }
        return blobs;
    }

    private Index index() {
        List<Descriptor> entries = new ArrayList<>();
        images.forEach((image, tags) -> {
            Platform platform = catalog.config(image.digest()).platform();
            if (tags.isEmpty()) {
                entries.add(entry(image.manifest(), platform, null));
            }
            tags.forEach(tag -> entries.add(entry(
                    image.manifest(),
                    platform,
                    new TreeMap<>(Map.of(
                            "io.containerd.image.name", tag.toString(),
                            "org.opencontainers.image.ref.name", String.valueOf(tag.tag()))))));
        });
        return Index.of(entries);
    }

    private static Descriptor entry(Descriptor manifest, Platform platform, @Nullable Map<String, String> annotations) {
        return new Descriptor(
                manifest.mediaType(), manifest.digest(), manifest.size(), null, annotations, platform, null, null);
    }

    private List<ArchiveEntry> entries() {
        List<ArchiveEntry> entries = new ArrayList<>();
        images.forEach((image, tags) -> entries.add(new ArchiveEntry(
                "blobs/sha256/" + image.digest().hex(),
                tags.stream().map(Reference::familiar).toList(),
                image.layers().stream().map(ArchiveImage::path).toList())));
        return entries;
    }

    private Map<String, Map<String, String>> repositories() {
        Map<String, Map<String, String>> repositories = new TreeMap<>();
        images.forEach((image, tags) -> tags.forEach(tag -> repositories
                .computeIfAbsent(tag.familiarName(), name -> new TreeMap<>())
                .put(String.valueOf(tag.tag()), image.digest().hex())));
        return repositories;
    }

    private static void document(TarWriter tar, String name, byte[] bytes) throws IOException {
        tar.add(TarEntry.file(name, 0644, bytes.length, Instant.EPOCH), new ByteArrayInputStream(bytes));
    }

    @Override
    public void close() {
        lease.close();
    }
}
