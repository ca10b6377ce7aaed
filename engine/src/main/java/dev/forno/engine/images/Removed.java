package dev.forno.engine.images;

import dev.forno.oci.Digest;

/** One effect of a removal, in the order in which Docker reports it. */
public sealed interface Removed {
    /** A name is gone; {@code reference} as Docker shows it. */
    record Untagged(String reference) implements Removed {}

    /** An image is gone. */
    record Deleted(Digest id) implements Removed {}
}
