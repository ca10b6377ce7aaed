package dev.forno.build.caches;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import io.avaje.jsonb.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one step made.
 *
 * @param key the digest of what decides about the step
 * @param parent the id of the image that the step stood on, empty for nothing
 * @param description the step's instruction
 * @param config the image configuration after the step, its very bytes as text
 * @param layers the layers made in this build since the base image, lowest first
 * @param size the bytes of the layer that this step added, 0 when it added none
 * @param createdAt when it was executed, ISO 8601
 * @param lastUsedAt when a build last took it, ISO 8601
 * @param usageCount how often builds took it
 */
@Json
public record CacheEntry(
        String key,
        String parent,
        String description,
        String config,
        List<CachedLayer> layers,
        long size,
        String createdAt,
        String lastUsedAt,
        long usageCount) {

    /** A layer and its blob. */
    @Json
    public record CachedLayer(
            String diffId, Descriptor blob, @Nullable Long size) {}

    /** The layers' blobs by diffID, lowest first. */
    public Map<Digest, Descriptor> blobs() {
        Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
        layers.forEach(layer -> blobs.put(Digest.parse(layer.diffId()), layer.blob()));
        return blobs;
    }

    CacheEntry usedAt(String time) {
        return new CacheEntry(key, parent, description, config, layers, size, createdAt, time, usageCount + 1);
    }
}
