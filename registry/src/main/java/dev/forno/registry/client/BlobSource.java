package dev.forno.registry.client;

import java.io.IOException;
import java.io.InputStream;

/** Gives a blob's bytes, from the beginning, as often as it is asked. */
@FunctionalInterface
public interface BlobSource {
    /** A new stream, which the caller closes. */
    InputStream open() throws IOException;
}
