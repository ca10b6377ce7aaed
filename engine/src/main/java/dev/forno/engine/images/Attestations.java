package dev.forno.engine.images;

import dev.forno.engine.images.records.AttachedRecord;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Index;
import dev.forno.oci.Manifest;
import dev.forno.oci.MediaTypes;
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

    /** What the index has about one of its images, each once; not more than a few dozen, and none that is large. */
    static List<Descriptor> of(Index index, Descriptor image) {
        return index.manifests().stream()
                .filter(entry -> is(entry)
                        && MediaTypes.isManifest(entry.mediaType())
                        && entry.size() <= MAX_BYTES
                        && image.digest().equals(annotations(entry).get(SUBJECT)))
                .map(Attestations::plain)
                .distinct()
                .limit(MAX)
                .toList();
    }

    /** The record of one, whose blobs are each named once; nothing when there are more than anyone makes. */
    static Optional<AttachedRecord> record(Descriptor entry, Manifest manifest) {
        if (manifest.layers().size() > MAX_LAYERS) {
            return Optional.empty();
        }
        Map<String, Descriptor> blobs = new LinkedHashMap<>();
        blobs.put(manifest.config().digest(), plain(manifest.config()));
        manifest.layers().forEach(layer -> blobs.putIfAbsent(layer.digest(), plain(layer)));
        return Optional.of(new AttachedRecord(entry, List.copyOf(blobs.values())));
    }

    /** Without annotations and data, which can be long and are in the documents. */
    private static Descriptor plain(Descriptor described) {
        return Descriptor.of(described.mediaType(), described.contentDigest(), described.size());
    }

    private static Map<String, String> annotations(Descriptor entry) {
        return Objects.requireNonNullElse(entry.annotations(), Map.of());
    }
}
