package dev.forno.engine.images;

import dev.forno.engine.images.records.ArchiveEntry;
import dev.forno.engine.images.records.ImageRecord;
import dev.forno.engine.images.records.NameRecord;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One archive to be written: a docker archive that is an OCI layout too; every blob is in it once. */
final class ArchiveSave implements AutoCloseable {
    private final Catalog catalog;
    private final Store store;
    private final Lease lease;
    private final Map<ImageRecord, List<Reference>> images;
    private final Map<Reference, NameRecord> whole;
    private final SortedMap<Digest, Long> blobs;

    private ArchiveSave(Catalog catalog, Store store, Lease lease, ArchiveSelection selection) {
        this.catalog = catalog;
        this.store = store;
        this.lease = lease;
        this.images = selection.images();
        this.whole = selection.whole();
        this.blobs = selection.blobs();
    }

    /** Finds the images and keeps them from removal. */
    static ArchiveSave of(
            Catalog catalog, ImageNames names, Store store, List<String> wanted, @Nullable Platform platform) {
        Lease lease = store.leases().open("save images");
        try {
            ArchiveSelection selection = new ArchiveSelection(catalog, names, store, lease, platform);
            wanted.forEach(selection::add);
            return new ArchiveSave(catalog, store, lease, selection);
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    /** All images that the archive will hold. */
    List<Digest> images() {
        Set<Digest> all = new LinkedHashSet<>();
        images.keySet().forEach(image -> all.add(image.digest()));
        whole.values().forEach(name -> name.images().forEach(one -> all.add(Digest.parse(one.image()))));
        return List.copyOf(all);
    }

    void writeTo(OutputStream out) {
        try {
            TarWriter tar = new TarWriter(new BufferedOutputStream(out, 1 << 16));
            tar.add(TarEntry.directory("blobs", 0755, Instant.EPOCH));
            Set<String> folders = new LinkedHashSet<>(List.of(Digest.SHA256));
            blobs.keySet().forEach(blob -> folders.add(blob.algorithm()));
            for (String folder : folders) {
                tar.add(TarEntry.directory("blobs/" + folder, 0755, Instant.EPOCH));
            }
            for (Map.Entry<Digest, Long> blob : blobs.entrySet()) {
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

    private Index index() {
        Set<Descriptor> entries = new LinkedHashSet<>();
        images.forEach((image, tags) -> {
            Platform platform = catalog.config(image.digest()).platform();
            if (tags.isEmpty() && !isInWhole(image)) {
                entries.add(entry(image.manifest(), platform, null));
            }
            tags.stream()
                    .filter(tag -> !whole.containsKey(tag))
                    .forEach(tag -> entries.add(entry(image.manifest(), platform, annotations(tag))));
        });
        whole.forEach((name, record) ->
                entries.add(entry(record.target(), null, name.digest() == null ? annotations(name) : null)));
        return Index.of(new ArrayList<>(entries));
    }

    private boolean isInWhole(ImageRecord image) {
        return whole.values().stream()
                .flatMap(name -> name.images().stream())
                .map(PlatformRecord::image)
                .anyMatch(image.id()::equals);
    }

    private static Map<String, String> annotations(Reference tag) {
        return new TreeMap<>(Map.of(
                "io.containerd.image.name", tag.toString(),
                "org.opencontainers.image.ref.name", String.valueOf(tag.tag())));
    }

    private static Descriptor entry(
            Descriptor manifest, @Nullable Platform platform, @Nullable Map<String, String> annotations) {
        return new Descriptor(
                manifest.mediaType(), manifest.digest(), manifest.size(), null, annotations, platform, null, null);
    }

    private List<ArchiveEntry> entries() {
        List<ArchiveEntry> entries = new ArrayList<>();
        images.forEach((image, tags) -> entries.add(new ArchiveEntry(
                "blobs/" + image.digest().algorithm() + "/" + image.digest().hex(),
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
