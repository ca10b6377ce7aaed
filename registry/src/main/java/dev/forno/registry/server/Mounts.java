package dev.forno.registry.server;

import dev.forno.http.server.Request;
import dev.forno.oci.Digest;
import dev.forno.registry.repositories.Repositories;

/**
 * Makes a repository hold a blob of another one without an upload: of the one that is named, or of any that the caller may
 * take bytes from: clients ask for tokens that grant the named one, too. Which bytes exist elsewhere is never told to those who
 * may not read them.
 */
final class Mounts {
    private final Repositories repositories;
    private final EngineKey engine;

    Mounts(Repositories repositories, EngineKey engine) {
        this.repositories = repositories;
        this.engine = engine;
    }

    /** Whether the blob could be mounted. */
    boolean mount(String repository, Digest digest, String from, Caller caller, Request request) {
        boolean known = engine.sentBy(request)
                || readable(digest, from, caller)
                || repositories.links().holders(digest).stream().anyMatch(holder -> caller.mayTake(holder));
        return known && repositories.uploads().mount(repository, digest).isPresent();
    }

    private boolean readable(Digest digest, String from, Caller caller) {
        return !from.isEmpty()
                && caller.mayTake(from)
                && repositories.links().find(from, digest).isPresent();
    }
}
