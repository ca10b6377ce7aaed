package dev.forno.oci;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An image index or Docker manifest list (OCI image spec, image-index.md). */
@Json
public record Index(
        int schemaVersion,
        @Nullable String mediaType,
        @Nullable String artifactType,
        List<Descriptor> manifests,
        @Nullable Descriptor subject,
        @Nullable Map<String, String> annotations) {

    /** Checks that the required fields are there; throws {@link ErrorKind#INVALID_ARGUMENT}. */
    public Index {
        Documents.require(manifests, "index", "manifests");
        Documents.noNulls(manifests, "index", "manifests");
        annotations = Documents.texts(annotations);
    }

    /** An OCI index of {@code manifests}. */
    public static Index of(List<Descriptor> manifests) {
        return new Index(2, MediaTypes.OCI_INDEX, null, manifests, null, null);
    }
}
