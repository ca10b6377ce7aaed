package dev.forno.registry.server;

import dev.forno.http.server.Handler;
import dev.forno.http.server.HttpServer;
import dev.forno.http.server.Listener;
import dev.forno.http.server.Router;
import dev.forno.registry.accounts.Attempts;
import dev.forno.registry.accounts.Htpasswd;
import dev.forno.registry.accounts.Rights;
import dev.forno.registry.accounts.Tokens;
import dev.forno.registry.repositories.Checks;
import dev.forno.registry.repositories.Repositories;
import dev.forno.registry.repositories.Storage;
import dev.forno.registry.upstreams.BlobFetches;
import dev.forno.registry.upstreams.PullThrough;
import dev.forno.registry.upstreams.Upstream;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * A registry that speaks the OCI distribution specification 1.1. Thread-safe. Everything acknowledged is durable; uploads
 * go on after a restart. Close it before its storage.
 */
public final class RegistryServer implements AutoCloseable {
    private final Repositories repositories;
    private final Copies copies;
    private final Router router;

    private RegistryServer(Repositories repositories, Copies copies, Router router) {
        this.repositories = repositories;
        this.copies = copies;
        this.router = router;
    }

    /** Opens the registry that is kept in a storage. */
    public static RegistryServer open(Storage storage, RegistrySettings settings, InstantSource clock) {
        Repositories repositories = new Repositories(storage, settings.retention(), clock);
        Router router = new Router((request, response) -> {
            throw new RegistryError(ErrorCode.UNSUPPORTED, 404, "there is nothing at " + request.path());
        });
        Copies copies = copies(storage, settings, repositories, clock);
        Guard guard = new Guard(gate(settings, router, clock), copies);
        Handler root = guard.general((caller, request, response) -> {
            caller.requireKnown();
            response.header("Content-Type", "application/json").send(new byte[] {'{', '}'});
        });
        router.get("/v2/", root).get("/v2", root).head("/v2/", root);
        new ListRoutes(repositories, copies).addTo(router, guard);
        new UploadRoutes(repositories, new Mounts(repositories, settings.engine())).addTo(router, guard);
        new BlobRoutes(repositories, copies, storage.content()).addTo(router, guard);
        new ManifestRoutes(repositories, copies, settings.sparse() ? Checks.SPARSE : Checks.COMPLETE)
                .addTo(router, guard);
        new ReferrerRoutes(repositories).addTo(router, guard);
        return new RegistryServer(repositories, copies, router);
    }

    private static Copies copies(
            Storage storage, RegistrySettings settings, Repositories repositories, InstantSource clock) {
        return settings.upstreams()
                .map(others -> {
                    List<Upstream> upstreams =
                            others.registries().stream().map(Upstream::parse).toList();
                    PullThrough manifests = new PullThrough(
                            upstreams, others.client(), repositories, others.ttl(), others.patience(), clock);
                    return Copies.of(manifests, new BlobFetches(manifests, repositories, storage));
                })
                .orElse(Copies.NONE);
    }

    private static Gate gate(RegistrySettings settings, Router router, InstantSource clock) {
        if (settings.users().isEmpty()) {
            return new OpenGate();
        }
        Users users = settings.users().get();
        Accounts accounts = new Accounts(
                new Htpasswd(users.htpasswd()),
                users.rights()
                        .map(file -> new Rights(file, users.tokens().isPresent()))
                        .orElse(null),
                new Attempts(clock));
        if (users.tokens().isEmpty()) {
            return new UserGate(accounts, null, Optional.empty());
        }
        Users.TokenService service = users.tokens().get();
        Tokens tokens = Tokens.open(service.key(), Challenges.SERVICE, clock);
        new TokenRoutes(accounts, tokens).addTo(router);
        return new UserGate(accounts, tokens, service.publicUrl());
    }

    /**
     * Serves at the places given; the caller closes the server before this registry.
     *
     * @throws IOException when one of them can't be listened at
     */
    public HttpServer serve(List<Listener> listeners) throws IOException {
        return HttpServer.start(listeners, router, new ErrorAnswers());
    }

    /** Lets go of what nobody needs any more: {@link Repositories#tidy}. */
    public void tidy() {
        repositories.tidy();
    }

    /** Keeps uploads and copies under way for the next start. */
    @Override
    public void close() {
        copies.close();
        repositories.close();
    }
}
