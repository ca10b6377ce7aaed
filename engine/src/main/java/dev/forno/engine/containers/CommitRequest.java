package dev.forno.engine.containers;

import dev.forno.oci.ImageConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A container to make an image of.
 *
 * @param container an id, a name or a prefix of an id
 * @param reference the image's name, or null for none
 * @param pause freeze the container meanwhile
 * @param config the new image's execution parameters, or null for the container's
 * @param changes Dockerfile instructions applied on top ({@code CMD}, {@code ENV} …), one a line
 */
public record CommitRequest(
        String container,
        @Nullable String reference,
        String comment,
        String author,
        boolean pause,
        ImageConfig.@Nullable Execution config,
        List<String> changes) {
    /** The new image's id. */
    public record Committed(String imageId) {}
}
