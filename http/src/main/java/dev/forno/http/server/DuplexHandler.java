package dev.forno.http.server;

import dev.forno.http.DuplexStream;
import java.io.IOException;

/** Serves a connection that has left HTTP. */
@FunctionalInterface
public interface DuplexHandler {
    /**
     * Called once on a virtual thread of its own, after the response head was sent; the connection is closed when it
     * returns or throws.
     */
    void handle(DuplexStream stream) throws IOException, InterruptedException;
}
