package dev.forno.registry.server;

import dev.forno.http.server.Request;

/** Finds out who sends a request. */
interface Gate {
    /** The caller; refuses wrong credentials. */
    Caller caller(Request request);
}
