package dev.forno.engine.images.records;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One image in a docker archive's {@code manifest.json}.
 *
 * @param config the configuration's path in the archive
 * @param layers the layers' paths, lowest first
 */
@Json
public record ArchiveEntry(
        @Json.Property("Config") @Nullable String config,
        @Json.Property("RepoTags") @Nullable List<String> repoTags,
        @Json.Property("Layers") @Nullable List<String> layers) {}
