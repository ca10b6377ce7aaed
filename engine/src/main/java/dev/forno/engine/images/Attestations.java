package dev.forno.engine.images;

import dev.forno.engine.images.records.AttachedRecord;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Index;
import dev.forno.oci.Manifest;
import dev.forno.oci.MediaTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The entries of an index that are no images but tell of one beside them: how it was built, what is in it. BuildKit and Docker
 * mark them by annotations, and by a platform that nobody has.
 */
final class Attestations {
    private static final String TYPE = "vnd.docker.reference.type";
    private static final String SUBJECT = "vnd.docker.reference.digest";

    /** More than anyone makes of one image. */
    private static final int MAX = 32;

    private Attestations() {}

    /** Whether an entry tells of another one. */
    static boolean is(Descriptor entry) {
        return annotations(entry).containsKey(TYPE);
    }

    /** What the index has about one of its images; not more than a few dozen entries. */
    static List<Descriptor> of(Index index, Descriptor image) {
        return index.manifests().stream()
                .filter(entry -> is(entry)
                        && MediaTypes.isManifest(entry.mediaType())
                        && image.digest().equals(annotations(entry).get(SUBJECT)))
                .limit(MAX)
                .toList();
    }

    /** The record of one; its blobs are each named once. */
    static AttachedRecord record(Descriptor entry, Manifest manifest) {
        List<Descriptor> blobs = new ArrayList<>();
        blobs.add(manifest.config());
        for (Descriptor layer : manifest.layers()) {
            if (blobs.stream().noneMatch(blob -> blob.digest().equals(layer.digest()))) {
                blobs.add(layer);
            }
        }
        return new AttachedRecord(entry, List.copyOf(blobs));
    }

    private static Map<String, String> annotations(Descriptor entry) {
        return Objects.requireNonNullElse(entry.annotations(), Map.of());
    }
}
