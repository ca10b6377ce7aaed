package dev.forno.engine.images;

import dev.forno.oci.Digest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of an image's history, newest first.
 *
 * @param id the image that the step made, or null when it isn't here ("&lt;missing&gt;")
 * @param createdBy the command of the step, possibly empty
 * @param tags names of that image as Docker shows them
 * @param size the step's layer, unpacked, in bytes; 0 for a step without layer
 */
public record HistoryEntry(
        @Nullable Digest id, Instant created, String createdBy, List<String> tags, long size, String comment) {}
