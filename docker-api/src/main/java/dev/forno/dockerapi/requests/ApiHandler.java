package dev.forno.dockerapi.requests;

import dev.forno.http.server.Response;
import java.io.IOException;

/** Answers one API call; see {@link dev.forno.http.server.Handler}. */
@FunctionalInterface
public interface ApiHandler {
    /** Translates, calls one service, translates the answer. */
    void handle(ApiRequest request, Response response) throws IOException, InterruptedException;
}
