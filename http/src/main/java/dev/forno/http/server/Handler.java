package dev.forno.http.server;

import java.io.IOException;

/** Answers one request. Called on a virtual thread of its own, so it may block. */
@FunctionalInterface
public interface Handler {
    /**
     * Reads {@code request} and fills {@code response}; the response is complete when this returns. Any exception becomes
     * an error response by the server's {@link ErrorWriter} when nothing has been sent yet, and breaks the connection
     * otherwise, so that a cut-off answer is never taken for a whole one.
     */
    void handle(Request request, Response response) throws IOException, InterruptedException;
}
