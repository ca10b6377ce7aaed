package dev.forno.engine.images;

import dev.forno.engine.images.records.AttachedRecord;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Manifest;
import dev.forno.oci.MediaTypes;
import dev.forno.registry.client.ManifestDocument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The entries of an index that are no images but tell of one beside them: how it was built, what is in it. BuildKit and Docker
 * mark them by annotations, and by a platform that nobody has.
 */
final class Attestations {
    private static final String TYPE = "vnd.docker.reference.type";
    private static final String SUBJECT = "vnd.docker.reference.digest";

    /** More than anyone makes of one image: all of it is kept in the metadata, and read often. */
    private static final int MAX = 32;

    private static final int MAX_BYTES = 256 << 10;
    private static final int MAX_LAYERS = 64;

    private Attestations() {}

    /** Whether an entry tells of another one. */
    static boolean is(Descriptor entry) {
        return annotations(entry).containsKey(TYPE);
    }

    /** What indexes have about an image, each once; not more than a few dozen, and none that is large. */
    static List<Descriptor> of(List<ManifestDocument.OfIndex> indexes, Descriptor image) {
        return indexes.stream()
                .flatMap(one -> one.index().manifests().stream())
                .filter(entry -> is(entry)
                        && MediaTypes.isManifest(entry.mediaType())
                        && entry.size() <= MAX_BYTES
                        && image.digest().equals(annotations(entry).get(SUBJECT)))
                .map(IndexTree::plain)
                .distinct()
                .limit(MAX)
                .toList();
    }

    /** The record of one, whose blobs are each named once; nothing when there are more, or longer types, than anyone makes. */
    static Optional<AttachedRecord> record(Descriptor entry, Manifest manifest) {
        if (manifest.layers().size() > MAX_LAYERS) {
            return Optional.empty();
        }
        Map<String, Descriptor> blobs = new LinkedHashMap<>();
        blobs.put(manifest.config().digest(), IndexTree.plain(manifest.config()));
        manifest.layers().forEach(layer -> blobs.putIfAbsent(layer.digest(), IndexTree.plain(layer)));
        boolean typed =
                blobs.values().stream().allMatch(blob -> blob.mediaType().length() <= MediaTypes.MAX_LENGTH);
        return typed ? Optional.of(new AttachedRecord(entry, List.copyOf(blobs.values()))) : Optional.empty();
    }

    private static Map<String, String> annotations(Descriptor entry) {
        return Objects.requireNonNullElse(entry.annotations(), Map.of());
    }
}
