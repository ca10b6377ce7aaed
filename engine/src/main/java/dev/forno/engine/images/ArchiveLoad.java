package dev.forno.engine.images;

import dev.forno.build.archives.Compression;
import dev.forno.engine.images.records.AttachedRecord;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.ImageConfig;
import dev.forno.oci.Manifest;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import dev.forno.store.Store;
import dev.forno.store.leases.Lease;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One load of an archive. */
final class ArchiveLoad {
    private final Store store;
    private final ImageAssembly assembly;
    private final Reporter reporter;
    private final boolean quiet;
    private final @Nullable Platform platform;

    /** @param platform the only one wanted, or null for all */
    ArchiveLoad(Store store, ImageAssembly assembly, Reporter reporter, boolean quiet, @Nullable Platform platform) {
        this.store = store;
        this.assembly = assembly;
        this.reporter = reporter;
        this.quiet = quiet;
        this.platform = platform;
    }

    /**
     * An offered image whose layers are here.
     *
     * @param known the layers' blobs by diffID
     * @param exact whether these are the blobs of its manifest, so that the manifest can be kept
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Loaded(ArchiveImage offered, byte[] config, Map<Digest, Descriptor> known, boolean exact) {}

    List<Image> run(InputStream archive) {
        try (Lease lease = store.leases().open("load images")) {
            ArchiveContents contents = read(archive, lease);
            Map<String, List<ArchiveImage>> byName = new LinkedHashMap<>();
            for (ArchiveImage offered : new ArchiveChoice(contents).of(platform)) {
                Descriptor whole = offered.whole();
                String group = whole == null ? "image " + byName.size() : whole.digest();
                byName.computeIfAbsent(group, name -> new ArrayList<>()).add(offered);
            }
            List<Image> images = new ArrayList<>();
            for (List<ArchiveImage> together : byName.values()) {
                images.addAll(load(contents, together, lease));
            }
            return images;
        } catch (IOException e) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT, "load images: the archive can't be read: " + e.getMessage(), e);
        }
    }

    private ArchiveContents read(InputStream archive, Lease lease) throws IOException {
        try (InputStream plain = Compression.decompress(new LeftOpen(archive))) {
            return ArchiveContents.read(store, lease, plain);
        }
    }

    /** Loads one image, or those of one index. */
    private List<Image> load(ArchiveContents contents, List<ArchiveImage> together, Lease lease) {
        List<Loaded> loaded = new ArrayList<>();
        for (ArchiveImage offered : together) {
            loaded.add(install(contents, offered, lease));
        }
        // An index is kept only with the manifests that it lists; where other ones are made, one image has the names.
        boolean exact = loaded.getFirst().exact();
        List<Loaded> kept = exact ? loaded.stream().filter(Loaded::exact).toList() : loaded.subList(0, 1);
        List<Loaded> left =
                exact ? loaded.stream().filter(one -> !one.exact()).toList() : loaded.subList(1, loaded.size());
        List<Image> images = new ArrayList<>();
        kept.forEach(one -> images.add(record(contents, one, lease)));
        tell(images.getFirst(), together.getFirst().names());
        left.forEach(this::tellLeft);
        return images;
    }

    private Loaded install(ArchiveContents contents, ArchiveImage offered, Lease lease) {
        byte[] config = contents.document(offered.config())
                .orElseThrow(() -> new FornoException(
                        ErrorKind.INVALID_ARGUMENT,
                        "load images: the archive lacks the configuration " + offered.config()));
        ImageConfig parsed = Documents.imageConfig(config);
        parsed.requireSound();
        if (offered.dockerArchive() && !parsed.os().isEmpty() && !parsed.os().equalsIgnoreCase("linux")) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "cannot load " + parsed.os() + " image on linux");
        }
        List<Digest> diffIds = parsed.diffIds();
        if (diffIds.size() != offered.layers().size()) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "invalid manifest, layers length mismatch: expected " + diffIds.size() + ", got "
                            + offered.layers().size());
        }
        Map<Digest, Descriptor> known = new LinkedHashMap<>();
        List<Runnable> tasks = new ArrayList<>();
        for (int i = 0; i < diffIds.size(); i++) {
            Digest diffId = diffIds.get(i);
            String path = offered.layers().get(i);
            lease.protect(diffId);
            boolean alreadyHere = store.snapshotter().layer(diffId).isPresent();
            ArchiveContents.Layer layer = contents.layer(path).orElse(null);
            switch (layer) {
                case ArchiveContents.Layer.Installed installed -> {
                    requireSame(path, diffId, installed.layer().diffId());
                    known.put(diffId, installed.layer().blob());
                    loaded(diffId, installed.layer().blob().size());
                }
                case ArchiveContents.Layer.Compressed compressed -> {
                    Descriptor blob = compressed.descriptor();
                    known.put(diffId, blob);
                    tasks.add(() -> {
                        store.layers().add(blob, diffId);
                        loaded(diffId, blob.size());
                    });
                }
                case null -> {
                    if (!alreadyHere) {
                        throw new FornoException(
                                ErrorKind.INVALID_ARGUMENT, "load images: the archive lacks the layer " + path);
                    }
                }
            }
        }
        Parallel.run("load images", tasks);
        return new Loaded(offered, config, known, isExact(contents, offered, config, diffIds, known));
    }

    private static boolean isExact(
            ArchiveContents contents,
            ArchiveImage offered,
            byte[] config,
            List<Digest> diffIds,
            Map<Digest, Descriptor> known) {
        Descriptor manifest = offered.manifest();
        if (manifest == null) {
            return false;
        }
        Manifest original =
                Documents.manifest(ArchiveLayout.verified(contents, manifest).orElseThrow());
        List<String> blobs = diffIds.stream()
                .map(diffId -> known.containsKey(diffId) ? known.get(diffId).digest() : "")
                .toList();
        boolean exact = original.config().contentDigest().equals(Digest.of(config))
                && original.layers().stream().map(Descriptor::digest).toList().equals(blobs);
        if (exact) {
            original.layers().forEach(layer -> requireSize(layer, known.values()));
        }
        return exact;
    }

    private Image record(ArchiveContents contents, Loaded loaded, Lease lease) {
        ArchiveImage offered = loaded.offered();
        Descriptor manifest = offered.manifest();
        if (!loaded.exact() || manifest == null) {
            return assembly.assemble(loaded.config(), loaded.known(), null, offered.names(), this::moved);
        }
        byte[] bytes = ArchiveLayout.verified(contents, manifest).orElseThrow();
        Descriptor target = Descriptor.of(manifest.mediaType(), manifest.contentDigest(), manifest.size());
        Descriptor whole = offered.whole();
        if (whole != null) {
            keep(contents, whole, lease);
            for (AttachedRecord attached : offered.attached()) {
                keep(contents, attached.manifest(), lease);
                attached.blobs().forEach(blob -> keep(contents, blob, lease));
            }
            offered.within().forEach(index -> keep(contents, index, lease));
        }
        Adoption adoption = new Adoption(
                target,
                bytes,
                loaded.config(),
                offered.dockerArchive(),
                Objects.requireNonNullElse(whole, target),
                offered.attached(),
                offered.within());
        return assembly.adopt(adoption, offered.names(), this::moved);
    }

    /** Stores a document of the archive; other blobs have come to the store while the archive was read. */
    private void keep(ArchiveContents contents, Descriptor blob, Lease lease) {
        lease.protect(blob.contentDigest());
        contents.document(ArchiveImage.path(blob))
                .ifPresent(bytes -> store.content().put(blob.contentDigest(), bytes));
    }

    private void tell(Image image, List<Reference> names) {
        if (names.isEmpty()) {
            reporter.text("Loaded image ID: " + image.id() + "\n");
        }
        names.forEach(name -> reporter.text("Loaded image: " + name.familiar() + "\n"));
    }

    private void tellLeft(Loaded left) {
        Descriptor whole = Objects.requireNonNull(left.offered().whole());
        reporter.text("Left out for " + Documents.imageConfig(left.config()).platform() + ": the images of the index "
                + whole.digest() + " can't all be kept as it lists them\n");
    }

    private void moved(Reference name, String image) {
        reporter.text("The image " + name.familiar() + " already exists, renaming the old one with ID " + image
                + " to empty string\n");
    }

    private void loaded(Digest diffId, long size) {
        if (!quiet) {
            reporter.report(new Progress.Bytes(diffId.shortHex(), "Loading layer", size, size));
        }
    }

    /** Whoever got the manifest from here would not accept the layer. */
    private static void requireSize(Descriptor layer, Collection<Descriptor> known) {
        for (Descriptor blob : known) {
            if (blob.digest().equals(layer.digest()) && blob.size() != layer.size()) {
                throw new FornoException(
                        ErrorKind.DATA_LOSS,
                        "load images: layer " + layer.digest() + " has " + blob.size() + " bytes, its manifest says "
                                + layer.size());
            }
        }
    }

    private static void requireSame(String path, Digest expected, Digest actual) {
        if (!expected.equals(actual)) {
            throw new FornoException(
                    ErrorKind.DATA_LOSS,
                    "load images: layer " + path + " has the diffID " + actual + ", its image expects " + expected);
        }
    }
}
