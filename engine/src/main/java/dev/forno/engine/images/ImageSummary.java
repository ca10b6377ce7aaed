package dev.forno.engine.images;

import dev.forno.oci.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of a list of images.
 *
 * @param parent the image it was built from locally, or null
 * @param repoTags names with tags as Docker shows them, possibly none
 * @param repoDigests names with manifest digests as Docker shows them, possibly none
 * @param created when the image was made; the epoch when its configuration doesn't say
 * @param size the layers' unpacked size in bytes, shared layers included
 * @param sharedSize the bytes of layers that other images use too
 * @param containers how many containers, running or not, were made from it
 */
public record ImageSummary(
        Digest id,
        @Nullable Digest parent,
        List<String> repoTags,
        List<String> repoDigests,
        Instant created,
        long size,
        long sharedSize,
        int containers,
        Map<String, String> labels) {}
