package dev.forno.engine.images;

import dev.forno.engine.images.records.AttachedRecord;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Manifest;
import dev.forno.oci.MediaTypes;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import dev.forno.registry.client.ManifestDocument;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The images of an archive that is an OCI layout (OCI image spec, image-layout.md), as its {@code index.json} lists them. */
final class ArchiveLayout {
    private static final String IMAGE_NAME = "io.containerd.image.name";
    private static final String REF_NAME = "org.opencontainers.image.ref.name";
    private static final int MAX_PLATFORMS = 256;

    private final ArchiveContents contents;
    private final Map<Descriptor, Optional<AttachedRecord>> attestations = new HashMap<>();

    ArchiveLayout(ArchiveContents contents) {
        this.contents = contents;
    }

    /** One image for each manifest, with all its names; of an index all that are here, this machine's first. */
    List<ArchiveImage> images() {
        byte[] bytes = contents.document("index.json").orElseThrow();
        // What has several names is looked at once.
        Map<Descriptor, Set<Reference>> entries = new LinkedHashMap<>();
        for (Descriptor entry : Documents.index(bytes).manifests()) {
            entries.computeIfAbsent(IndexTree.plain(entry), one -> new LinkedHashSet<>())
                    .addAll(name(entry).map(List::of).orElse(List.of()));
        }
        Map<String, ArchiveImage> images = new LinkedHashMap<>();
        entries.forEach((entry, names) -> {
            for (ArchiveImage image : of(entry, List.copyOf(names))) {
                Descriptor whole = image.whole();
                String key = image.config() + " " + (whole == null ? "" : whole.digest());
                images.merge(key, image, ArchiveImage::and);
            }
        });
        return List.copyOf(images.values());
    }

    private List<ArchiveImage> of(Descriptor entry, List<Reference> names) {
        if (verified(contents, entry).isEmpty()) {
            return List.of();
        }
        if (MediaTypes.isManifest(entry.mediaType())) {
            return List.of(image(entry, names, null, List.of()));
        }
        return MediaTypes.isIndex(entry.mediaType()) ? ofIndex(entry, names) : List.of();
    }

    private List<ArchiveImage> ofIndex(Descriptor whole, List<Reference> names) {
        IndexTree tree = IndexTree.of("load images", whole, one -> verified(contents, one));
        List<ArchiveImage> found = new ArrayList<>();
        Map<String, Descriptor> manifests = new LinkedHashMap<>();
        tree.entries().stream()
                .filter(one -> MediaTypes.isManifest(one.mediaType()) && !Attestations.is(one))
                .sorted(Comparator.comparing(one -> !isForHost(one)))
                .forEach(one -> manifests.putIfAbsent(one.digest(), one));
        manifests.values().removeIf(one -> !isImage(one));
        if (manifests.size() > MAX_PLATFORMS) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "load images: the index " + whole.digest() + " has more than " + MAX_PLATFORMS + " images");
        }
        if (manifests.values().stream().anyMatch(this::isLoadable)) {
            // Another platform's image that can't be had here, as an old one of Windows, doesn't stand in the way.
            manifests.values().removeIf(one -> !isForHost(one) && !isLoadable(one));
        }
        for (Descriptor manifest : manifests.values()) {
            found.add(image(manifest, names, whole, tree.over(manifest)));
        }
        List<ArchiveImage> complete = found.stream().filter(this::isComplete).toList();
        if (!complete.isEmpty()) {
            return complete;
        }
        // What it lacks is said when it is loaded.
        return found.isEmpty() ? List.of() : List.of(found.getFirst());
    }

    private static boolean isForHost(Descriptor manifest) {
        Platform platform = manifest.platform();
        return platform != null && Platform.host().accepts(platform);
    }

    /** Whether the archive has a manifest, and one of an image rather than of another kind of artifact. */
    private boolean isImage(Descriptor manifest) {
        return verified(contents, manifest)
                .map(bytes -> Documents.manifest(bytes).config().mediaType())
                .filter(type -> type.equals(MediaTypes.OCI_CONFIG) || type.equals(MediaTypes.DOCKER_CONFIG))
                .isPresent();
    }

    private boolean isLoadable(Descriptor manifest) {
        return verified(contents, manifest)
                .map(Documents::manifest)
                .filter(found -> found.schemaVersion() == 2
                        && found.layers().stream().noneMatch(layer -> MediaTypes.isForeignLayer(layer.mediaType())))
                .isPresent();
    }

    private boolean isComplete(ArchiveImage image) {
        return contents.document(image.config()).isPresent()
                && image.layers().stream()
                        .allMatch(layer -> contents.layer(layer).isPresent());
    }

    private List<AttachedRecord> attached(List<ManifestDocument.OfIndex> over, Descriptor manifest) {
        List<AttachedRecord> attached = new ArrayList<>();
        for (Descriptor entry : Attestations.of(over, manifest)) {
            attestations.computeIfAbsent(entry, this::attestation).ifPresent(attached::add);
        }
        return attached;
    }

    private Optional<AttachedRecord> attestation(Descriptor entry) {
        return verified(contents, entry)
                .map(Documents::manifest)
                .flatMap(found -> Attestations.record(entry, found))
                .filter(record -> record.blobs().stream().allMatch(contents::has));
    }

    private ArchiveImage image(
            Descriptor entry, List<Reference> names, @Nullable Descriptor whole, List<ManifestDocument.OfIndex> over) {
        Manifest manifest = Documents.manifest(verified(contents, entry).orElseThrow());
        if (manifest.schemaVersion() != 2) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "load images: " + ArchiveImage.path(entry) + " is a manifest of schema version "
                            + manifest.schemaVersion() + ", only 2 is known");
        }
        for (Descriptor layer : manifest.layers()) {
            if (MediaTypes.isForeignLayer(layer.mediaType())) {
                throw new FornoException(
                        ErrorKind.NOT_IMPLEMENTED,
                        "load images: the layer " + layer.digest()
                                + " is a foreign one, which only its origin may distribute: not supported");
            }
            if (layer.mediaType().length() > MediaTypes.MAX_LENGTH) {
                throw new FornoException(
                        ErrorKind.INVALID_ARGUMENT,
                        "load images: the layer " + layer.digest() + " has a media type of more than "
                                + MediaTypes.MAX_LENGTH + " characters");
            }
        }
        List<String> layers = manifest.layers().stream().map(ArchiveImage::path).toList();
        return new ArchiveImage(
                ArchiveImage.path(manifest.config()),
                layers,
                names,
                entry,
                whole,
                attached(over, entry),
                over.stream()
                        .map(ManifestDocument.OfIndex::descriptor)
                        .filter(index -> !index.equals(whole))
                        .toList(),
                false);
    }

    /** A document, when the archive has it; throws {@link ErrorKind#DATA_LOSS} for another digest or size than described. */
    static Optional<byte[]> verified(ArchiveContents contents, Descriptor descriptor) {
        Optional<byte[]> bytes = contents.document(ArchiveImage.path(descriptor));
        bytes.ifPresent(found -> {
            Digest expected = descriptor.contentDigest();
            Digest actual = contents.digest(expected, found);
            if (!actual.equals(expected)) {
                throw new FornoException(
                        ErrorKind.DATA_LOSS,
                        "load images: " + ArchiveImage.path(descriptor) + " has the digest " + actual);
            }
            if (found.length != descriptor.size()) {
                throw new FornoException(
                        ErrorKind.DATA_LOSS,
                        "load images: " + ArchiveImage.path(descriptor) + " has " + found.length
                                + " bytes, what lists it says " + descriptor.size());
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
}
