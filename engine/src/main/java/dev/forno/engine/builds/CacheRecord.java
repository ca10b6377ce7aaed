package dev.forno.engine.builds;

import java.time.Instant;

/**
 * One step kept in the build cache.
 *
 * @param id the cache key
 * @param parent the cache key of the step before, empty for a base image
 * @param description the step's instruction
 * @param size bytes of the layer that the step added, 0 when it added none
 * @param createdAt when the step was executed
 * @param lastUsedAt when a build last asked for it
 * @param usageCount how many builds took it from the cache
 * @param inUse whether a running build holds it
 * @param shared whether an image holds its layer too
 */
public record CacheRecord(
        String id,
        String parent,
        String description,
        long size,
        Instant createdAt,
        Instant lastUsedAt,
        long usageCount,
        boolean inUse,
        boolean shared) {}
