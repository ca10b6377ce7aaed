package dev.forno.engine.images;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.ImageConfig;
import dev.forno.oci.Reference;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An image to be recorded, whose layers are installed already.
 *
 * @param config its configuration with all layers' diffIDs and history
 * @param newLayers the blobs of the layers that no image has yet, by diffID
 * @param parent the image that it was made from, or null
 * @param names the names to give, each with a tag
 */
public record NewImage(
        ImageConfig config,
        Map<Digest, Descriptor> newLayers,
        @Nullable Digest parent,
        List<Reference> names) {}
