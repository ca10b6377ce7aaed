package dev.forno.registry.documents;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the embedded registry keeps of a manifest beside its bytes.
 *
 * @param blobs the configuration and layers that must be in the repository
 * @param manifests the digests of an index's manifests
 * @param subject the digest of the manifest that this one refers to
 */
@Json
public record ManifestRecord(
        String mediaType,
        long size,
        List<BlobEntry> blobs,
        List<String> manifests,
        @Nullable String subject,
        @Nullable String artifactType,
        @Nullable Map<String, String> annotations) {
    /** A blob and its size in bytes. */
    public record BlobEntry(String digest, long size) {}
}
