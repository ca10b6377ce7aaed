package dev.forno.registry.client;

import java.io.IOException;
import java.io.InputStream;

/** Gives a blob's bytes, as often as it is asked. */
@FunctionalInterface
public interface BlobSource {
    /** A new stream from the beginning, which the caller closes. */
    InputStream open() throws IOException;

    /** A new stream from {@code offset} on, which the caller closes. */
    default InputStream open(long offset) throws IOException {
        InputStream in = open();
        try {
            in.skipNBytes(offset);
            return in;
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }
}
