package dev.forno.engine.images;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything known about one image.
 *
 * @param manifest the manifest that the image was pulled, loaded or last pushed with, or null
 * @param parent the image it was built from locally, or null
 * @param repoTags names with tags as Docker shows them, possibly none
 * @param repoDigests names with manifest digests as Docker shows them, possibly none
 * @param size the layers' unpacked size in bytes
 * @param lastTagged when it was last given a name here, or null
 */
public record ImageDetails(
        Image image,
        @Nullable Descriptor manifest,
        @Nullable Digest parent,
        List<String> repoTags,
        List<String> repoDigests,
        long size,
        @Nullable Instant lastTagged) {}
