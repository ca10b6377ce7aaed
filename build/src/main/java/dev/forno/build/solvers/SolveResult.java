package dev.forno.build.solvers;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.ImageConfig;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was built.
 *
 * @param id the digest of the configuration's bytes
 * @param newLayers the blobs of the layers above the base image, by diffID, lowest first
 * @param base the image at the bottom, null for scratch
 */
public record SolveResult(
        Digest id,
        ImageConfig config,
        Map<Digest, Descriptor> newLayers,
        @Nullable Digest base) {}
