package dev.forno.oci;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An image manifest, OCI or Docker schema 2 (OCI image spec, manifest.md). A value for reading: a manifest's digest is
 * that of the bytes it came in, never of this record serialised again.
 */
@Json
public record Manifest(
        int schemaVersion,
        @Nullable String mediaType,
        @Nullable String artifactType,
        Descriptor config,
        List<Descriptor> layers,
        @Nullable Descriptor subject,
        @Nullable Map<String, String> annotations) {

    /** Checks that the required fields are there; throws {@link ErrorKind#INVALID_ARGUMENT}. */
    public Manifest {
        Documents.require(config, "manifest", "config");
        Documents.require(layers, "manifest", "layers");
        Documents.noNulls(layers, "manifest", "layers");
        annotations = Documents.texts(annotations);
    }

    /** An OCI manifest of a configuration and its layers. */
    public static Manifest of(Descriptor config, List<Descriptor> layers) {
        return new Manifest(2, MediaTypes.OCI_MANIFEST, null, config, layers, null, null);
    }
}
