package dev.forno.engine.images;

import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a root file system's tar becomes an image.
 *
 * @param reference the name to give, or null
 * @param message the comment of its history, possibly empty
 * @param changes Dockerfile instructions that alter the configuration
 */
public record ImportRequest(
        @Nullable Reference reference,
        String message,
        @Nullable Platform platform,
        List<String> changes) {}
