package dev.forno.engine.images.records;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Objects;
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
        @Json.Property("Layers") @Nullable List<String> layers) {

    /** Checks that no list has a null; throws {@link ErrorKind#INVALID_ARGUMENT}. */
    public ArchiveEntry {
        check(repoTags, "RepoTags");
        check(layers, "Layers");
    }

    private static void check(@Nullable List<String> texts, String field) {
        if (texts != null && texts.stream().anyMatch(Objects::isNull)) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "load images: an element of \"" + field + "\" in manifest.json is null");
        }
    }
}
