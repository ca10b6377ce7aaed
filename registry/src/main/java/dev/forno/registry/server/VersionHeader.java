package dev.forno.registry.server;

import dev.forno.http.server.Response;

/** The header by which older clients know a registry. */
final class VersionHeader {
    private VersionHeader() {}

    static void add(Response response) {
        response.header("Docker-Distribution-Api-Version", "registry/2.0");
    }
}
