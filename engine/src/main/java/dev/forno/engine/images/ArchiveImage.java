package dev.forno.engine.images;

import dev.forno.engine.images.records.ArchiveEntry;
import dev.forno.engine.images.records.AttachedRecord;
import dev.forno.engine.images.records.RecordJson;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One image that an archive offers.
 *
 * @param config the path of its configuration
 * @param layers the paths of its layers, lowest first
 * @param names its names, each with a tag
 * @param manifest its manifest's descriptor when the archive is an OCI layout, else null
 * @param whole the index that its names stand for, or null when they stand for the image alone
 * @param attached what the index holds about it, as far as the archive has it
 * @param within the indexes between that index and its manifest
 * @param dockerArchive whether the archive is meant to be a docker archive, maybe an OCI layout too
 */
record ArchiveImage(
        String config,
        List<String> layers,
        List<Reference> names,
        @Nullable Descriptor manifest,
        @Nullable Descriptor whole,
        List<AttachedRecord> attached,
        List<Descriptor> within,
        boolean dockerArchive) {

    /** Ten thousand names of images of a hundred layers: a few bytes of an archive shall not become many of metadata. */
    private static final long MAX_NAMED_BLOBS = 1_000_000;

    /** More than types of layers and SHA-256 digests have together. */
    private static final int USUAL_CHARACTERS = 128;

    /**
     * The images of an archive; throws {@link ErrorKind#INVALID_ARGUMENT} when it is neither of the known kinds or gives too
     * many names.
     */
    static List<ArchiveImage> of(ArchiveContents contents) {
        List<ArchiveImage> images = known(contents);
        Map<String, Long> listed = new HashMap<>();
        long named = 0;
        for (ArchiveImage image : images) {
            Descriptor manifest = image.manifest();
            long layers = manifest == null
                    ? 0
                    : listed.computeIfAbsent(manifest.digest(), digest -> listedLayers(contents, manifest));
            named += image.recorded(Math.max(layers, image.layers().size()));
        }
        if (named > MAX_NAMED_BLOBS) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "load images: the archive gives too many names: each is kept with a list of what its image consists"
                            + " of, of these are " + named + " blobs together, and at most " + MAX_NAMED_BLOBS
                            + " are taken from one archive");
        }
        return images;
    }

    /** How many blobs the records of the image and of its names list, as {@link #listed} counts them. */
    private long recorded(long ofLayers) {
        long blobs = 1 + ofLayers + listed(within);
        for (AttachedRecord one : attached) {
            blobs += 1 + listed(one.blobs());
        }
        return blobs * (1 + names.size());
    }

    private static long listedLayers(ArchiveContents contents, Descriptor manifest) {
        return listed(
                Documents.manifest(ArchiveLayout.verified(contents, manifest).orElseThrow())
                        .layers());
    }

    /** The blobs, one with a long type or digest for as many as would take as much. */
    private static long listed(List<Descriptor> blobs) {
        return blobs.stream()
                .mapToLong(
                        blob -> 1 + (blob.mediaType().length() + blob.digest().length()) / USUAL_CHARACTERS)
                .sum();
    }

    private static List<ArchiveImage> known(ArchiveContents contents) {
        boolean isLayout = contents.document("index.json").isPresent();
        List<ArchiveImage> layout = isLayout ? new ArchiveLayout(contents).images() : List.of();
        byte[] list = contents.document("manifest.json").orElse(null);
        if (list != null) {
            return joined(RecordJson.archive(list), layout);
        }
        if (!isLayout) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "invalid archive: does not contain a manifest.json");
        }
        if (layout.isEmpty()) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT, "load images: the archive has no image, or lacks its manifest");
        }
        return layout;
    }

    /** The path of a blob in an OCI layout. */
    static String path(Descriptor blob) {
        Digest digest = blob.contentDigest();
        return "blobs/" + digest.algorithm() + "/" + digest.hex();
    }

    /** The images of {@code manifest.json}, which knows of no indexes, and the others of the indexes of the layout beside it. */
    private static List<ArchiveImage> joined(List<ArchiveEntry> entries, List<ArchiveImage> layout) {
        List<ArchiveImage> images = new ArrayList<>();
        Set<Reference> ofIndexes = new LinkedHashSet<>();
        layout.stream().filter(image -> image.whole() != null).forEach(image -> {
            images.add(image);
            ofIndexes.addAll(image.names());
        });
        Map<String, Descriptor> manifests = new HashMap<>();
        for (ArchiveImage image : layout) {
            if (image.manifest() != null) {
                manifests.putIfAbsent(image.config(), image.manifest());
            }
        }
        Set<String> configs = new HashSet<>();
        images.forEach(image -> configs.add(image.config()));
        for (ArchiveEntry entry : entries) {
            ArchiveImage image = fromEntry(entry, manifests, ofIndexes);
            boolean isNew = configs.add(image.config());
            if (!image.names().isEmpty() || isNew) {
                images.add(image);
            }
        }
        return images;
    }

    private static ArchiveImage fromEntry(
            ArchiveEntry entry, Map<String, Descriptor> manifests, Set<Reference> ofIndexes) {
        String config = entry.config();
        if (config == null) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT, "load images: an entry of manifest.json has no \"Config\"");
        }
        List<Reference> names = Objects.requireNonNullElse(entry.repoTags(), List.<String>of()).stream()
                .map(ArchiveImage::tagged)
                .filter(name -> !ofIndexes.contains(name))
                .toList();
        List<String> layers = Objects.requireNonNullElse(entry.layers(), List.of());
        return new ArchiveImage(config, layers, names, manifests.get(config), null, List.of(), List.of(), true);
    }

    /** A digest is a name for the content that it is of: an archive can't say which that is. */
    private static Reference tagged(String text) {
        Reference name = Reference.parse(text);
        if (name.digest() != null) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "invalid tag \"" + text + "\"");
        }
        return name.withDefaultTag();
    }

    /** The same with the names of another too. */
    ArchiveImage and(ArchiveImage other) {
        Set<Reference> all = new LinkedHashSet<>(names);
        all.addAll(other.names());
        return new ArchiveImage(config, layers, List.copyOf(all), manifest, whole, attached, within, dockerArchive);
    }
}
