package dev.forno.http.server;

import java.io.IOException;

/** Turns what a handler threw into an error response, in the words of the API that is served. */
@FunctionalInterface
public interface ErrorWriter {
    /** Fills {@code response}, of which nothing has been sent; {@code failure} is of any type. */
    void write(Throwable failure, Request request, Response response) throws IOException;
}
