package dev.forno.oci;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A typed reference to content (OCI image spec, descriptor.md).
 *
 * @param mediaType the content's media type
 * @param digest the content's digest as text; {@link #contentDigest()} gives it checked
 * @param size the content's length in bytes
 */
@Json
public record Descriptor(
        String mediaType,
        String digest,
        long size,
        @Nullable List<String> urls,
        @Nullable Map<String, String> annotations,
        @Nullable Platform platform,
        @Nullable String artifactType,
        @Nullable String data) {

    /** Checks that the required fields are there; throws {@link ErrorKind#INVALID_ARGUMENT}. */
    public Descriptor {
        Documents.require(mediaType, "descriptor", "mediaType");
        Documents.require(digest, "descriptor", "digest");
        if (size < 0) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "read descriptor " + digest + ": negative size");
        }
        annotations = Documents.texts(annotations);
    }

    /** A descriptor with only the required fields. */
    public static Descriptor of(String mediaType, Digest digest, long size) {
        return new Descriptor(mediaType, digest.toString(), size, null, null, null, null, null);
    }

    /** The digest, parsed; throws {@link ErrorKind#INVALID_ARGUMENT} when it is malformed. */
    public Digest contentDigest() {
        return Digest.parse(digest);
    }
}
