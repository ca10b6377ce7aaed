package dev.forno.engine.images;

import dev.forno.engine.images.records.ArchiveEntry;
import dev.forno.engine.images.records.RecordJson;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Manifest;
import dev.forno.oci.MediaTypes;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import dev.forno.registry.client.ImageResolution;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One image that an archive offers.
 *
 * @param config the path of its configuration
 * @param layers the paths of its layers, lowest first
 * @param names its names, each with a tag
 * @param manifest its manifest's descriptor when the archive is an OCI layout, else null
 * @param dockerArchive whether the archive is meant to be a docker archive, maybe an OCI layout too
 */
record ArchiveImage(
        String config,
        List<String> layers,
        List<Reference> names,
        @Nullable Descriptor manifest,
        boolean dockerArchive) {
    private static final String IMAGE_NAME = "io.containerd.image.name";
    private static final String REF_NAME = "org.opencontainers.image.ref.name";
    private static final int MAX_NESTING = 4;

    /** The images of an archive; throws {@link ErrorKind#INVALID_ARGUMENT} when it is neither of the known kinds. */
    static List<ArchiveImage> of(ArchiveContents contents) {
        List<ArchiveImage> layout = new ArrayList<>();
        Optional<byte[]> index = contents.document("index.json");
        index.ifPresent(bytes -> fromIndex(contents, bytes, layout));
        Optional<byte[]> list = contents.document("manifest.json");
        if (list.isPresent()) {
            return RecordJson.archive(list.get()).stream()
                    .map(entry -> fromEntry(entry, layout))
                    .toList();
        }
        if (index.isEmpty()) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "invalid archive: does not contain a manifest.json");
        }
        if (layout.isEmpty()) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "load images: the archive has no image for " + Platform.host() + ", or lacks its manifest");
        }
        return merged(layout);
    }

    /** The path of a blob in an OCI layout. */
    static String path(Descriptor blob) {
        Digest digest = blob.contentDigest();
        return "blobs/" + digest.algorithm() + "/" + digest.hex();
    }

    private static ArchiveImage fromEntry(ArchiveEntry entry, List<ArchiveImage> layout) {
        String config = entry.config();
        if (config == null) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT, "load images: an entry of manifest.json has no \"Config\"");
        }
        List<Reference> names = Objects.requireNonNullElse(entry.repoTags(), List.<String>of()).stream()
                .map(Reference::parse)
                .map(Reference::withDefaultTag)
                .toList();
        Descriptor manifest = layout.stream()
                .filter(image -> image.config().equals(config))
                .map(ArchiveImage::manifest)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        return new ArchiveImage(config, Objects.requireNonNullElse(entry.layers(), List.of()), names, manifest, true);
    }

    private static void fromIndex(ArchiveContents contents, byte[] bytes, List<ArchiveImage> found) {
        for (Descriptor entry : Documents.index(bytes).manifests()) {
            manifest(contents, entry, 0).ifPresent(manifest -> found.add(fromManifest(contents, entry, manifest)));
        }
    }

    private static ArchiveImage fromManifest(ArchiveContents contents, Descriptor entry, Descriptor descriptor) {
        Manifest manifest = Documents.manifest(verified(contents, descriptor).orElseThrow());
        if (manifest.schemaVersion() != 2) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "load images: " + path(descriptor) + " is a manifest of schema version " + manifest.schemaVersion()
                            + ", only 2 is known");
        }
        for (Descriptor layer : manifest.layers()) {
            if (MediaTypes.isForeignLayer(layer.mediaType())) {
                throw new FornoException(
                        ErrorKind.NOT_IMPLEMENTED,
                        "load images: the layer " + layer.digest()
                                + " is a foreign one, which only its origin may distribute: not supported");
            }
        }
        return new ArchiveImage(
                path(manifest.config()),
                manifest.layers().stream().map(ArchiveImage::path).toList(),
                name(entry).map(List::of).orElse(List.of()),
                descriptor,
                false);
    }

    /** The manifest that an entry leads to on this machine, when the archive holds it. */
    private static Optional<Descriptor> manifest(ArchiveContents contents, Descriptor entry, int depth) {
        Optional<byte[]> bytes = verified(contents, entry);
        if (bytes.isEmpty() || depth == MAX_NESTING) {
            return Optional.empty();
        }
        if (MediaTypes.isIndex(entry.mediaType())) {
            return ImageResolution.choose(Documents.index(bytes.get()), Platform.host())
                    .flatMap(chosen -> manifest(contents, chosen, depth + 1));
        }
        return MediaTypes.isManifest(entry.mediaType()) ? Optional.of(entry) : Optional.empty();
    }

    static Optional<byte[]> verified(ArchiveContents contents, Descriptor descriptor) {
        Optional<byte[]> bytes = contents.document(path(descriptor));
        bytes.ifPresent(found -> {
            Digest expected = descriptor.contentDigest();
            Digest actual = Digest.of(expected.newAccumulator().digest(found), expected.algorithm());
            if (!actual.equals(expected)) {
                throw new FornoException(
                        ErrorKind.DATA_LOSS, "load images: " + path(descriptor) + " has the digest " + actual);
            }
        });
        return bytes;
    }

    private static Optional<Reference> name(Descriptor entry) {
        Map<String, String> annotations = Objects.requireNonNullElse(entry.annotations(), Map.of());
        String full = annotations.getOrDefault(IMAGE_NAME, annotations.getOrDefault(REF_NAME, ""));
        if (!full.contains(":") && !full.contains("/")) {
            // A mere tag, of a repository that the archive doesn't name.
            return Optional.empty();
        }
        try {
            return Optional.of(Reference.parse(full).withDefaultTag()).filter(name -> name.digest() == null);
        } catch (FornoException e) {
            // Annotations are free text.
            return Optional.empty();
        }
    }

    /** One image for each manifest, with all its names. */
    private static List<ArchiveImage> merged(List<ArchiveImage> images) {
        Map<String, ArchiveImage> byConfig = new LinkedHashMap<>();
        for (ArchiveImage image : images) {
            byConfig.merge(image.config(), image, (a, b) -> {
                List<Reference> names = new ArrayList<>(a.names());
                names.addAll(b.names());
                return new ArchiveImage(a.config(), a.layers(), List.copyOf(names), a.manifest(), false);
            });
        }
        return List.copyOf(byConfig.values());
    }
}
