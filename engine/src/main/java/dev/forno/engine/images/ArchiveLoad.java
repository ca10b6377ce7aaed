package dev.forno.engine.images;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Manifest;
import dev.forno.oci.Reference;
import dev.forno.store.Store;
import dev.forno.store.layers.Compression;
import dev.forno.store.leases.Lease;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One load of an archive. */
final class ArchiveLoad {
    private final Store store;
    private final ImageAssembly assembly;
    private final Reporter reporter;
    private final boolean quiet;

    ArchiveLoad(Store store, ImageAssembly assembly, Reporter reporter, boolean quiet) {
        this.store = store;
        this.assembly = assembly;
        this.reporter = reporter;
        this.quiet = quiet;
    }

    List<Image> run(InputStream archive) {
        try (Lease lease = store.leases().open("load images")) {
            ArchiveContents contents = read(archive, lease);
            List<Image> images = new ArrayList<>();
            for (ArchiveImage offered : ArchiveImage.of(contents)) {
                images.add(load(contents, offered, lease));
            }
            return images;
        } catch (IOException e) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT, "load images: the archive can't be read: " + e.getMessage(), e);
        }
    }

    private ArchiveContents read(InputStream archive, Lease lease) throws IOException {
        InputStream left = new FilterInputStream(archive) {
            @Override
            public void close() {
                // the caller's
            }
        };
        try (InputStream plain = Compression.decompress(left)) {
            return ArchiveContents.read(store, lease, plain);
        }
    }

    private Image load(ArchiveContents contents, ArchiveImage offered, Lease lease) {
        byte[] config = contents.document(offered.config())
                .orElseThrow(() -> new FornoException(
                        ErrorKind.INVALID_ARGUMENT,
                        "load images: the archive lacks the configuration " + offered.config()));
        List<Digest> diffIds = Documents.imageConfig(config).diffIds();
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
        Image image = record(contents, offered, config, diffIds, known);
        tell(image, offered.names());
        return image;
    }

    private Image record(
            ArchiveContents contents,
            ArchiveImage offered,
            byte[] config,
            List<Digest> diffIds,
            Map<Digest, Descriptor> known) {
        Descriptor manifest = offered.manifest();
        if (manifest != null) {
            byte[] bytes = ArchiveImage.verified(contents, manifest).orElseThrow();
            Manifest original = Documents.manifest(bytes);
            List<String> blobs = diffIds.stream()
                    .map(diffId -> known.containsKey(diffId) ? known.get(diffId).digest() : "")
                    .toList();
            boolean exact = original.config().contentDigest().equals(Digest.of(config))
                    && original.layers().stream()
                            .map(Descriptor::digest)
                            .toList()
                            .equals(blobs);
            if (exact) {
                original.layers().forEach(layer -> requireSize(layer, known.values()));
                Descriptor target = Descriptor.of(manifest.mediaType(), manifest.contentDigest(), manifest.size());
                return assembly.adopt(target, bytes, config, offered.dockerArchive(), offered.names(), this::moved);
            }
        }
        return assembly.assemble(config, known, null, offered.names(), this::moved);
    }

    private void tell(Image image, List<Reference> names) {
        if (names.isEmpty()) {
            reporter.text("Loaded image ID: " + image.id() + "\n");
        }
        names.forEach(name -> reporter.text("Loaded image: " + name.familiar() + "\n"));
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
