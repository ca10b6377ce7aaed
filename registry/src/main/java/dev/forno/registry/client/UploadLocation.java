package dev.forno.registry.client;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where an upload goes on.
 *
 * @param address null when nothing is left to be sent; it may hold a signature and is never shown
 * @param smallestChunk 0 when the registry doesn't ask for chunks
 */
record UploadLocation(@Nullable URI address, long smallestChunk) {
    /** The blob is there. */
    static final UploadLocation DONE = new UploadLocation(null, 0);

    boolean isDone() {
        return address == null;
    }
}
