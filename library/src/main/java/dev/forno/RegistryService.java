package dev.forno;

import dev.forno.http.Endpoint;
import dev.forno.http.server.HttpServer;
import dev.forno.oci.FornoException;
import dev.forno.registry.client.RegistryClient;
import dev.forno.registry.repositories.Storage;
import dev.forno.registry.server.EngineKey;
import dev.forno.registry.server.RegistryServer;
import dev.forno.registry.server.RegistrySettings;
import dev.forno.registry.server.Upstreams;
import dev.forno.registry.server.Users;
import dev.forno.store.Store;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A registry that is being served, with its collections at intervals. */
final class RegistryService implements AutoCloseable {
    private static final Logger LOG = System.getLogger(RegistryService.class.getName());

    private final Closing closing;
    private final List<Endpoint> endpoints;

    private RegistryService(Closing closing, List<Endpoint> endpoints) {
        this.closing = closing;
        this.endpoints = endpoints;
    }

    /**
     * Serves the registry that is kept in a store.
     *
     * @param own where a file of its own may lie
     * @param client asks other registries
     * @param collection removes from the store what nothing holds
     * @throws IOException when it can't listen
     */
    static RegistryService start(
            RegistryConfig config, Store store, Path own, RegistryClient client, EngineKey engine, Runnable collection)
            throws IOException {
        Closing closing = new Closing();
        try {
            Optional<Users> users = config.htpasswd()
                    .map(file -> new Users(
                            file,
                            config.rights(),
                            config.token() ? Optional.of(own.resolve("registry-token.key")) : Optional.empty()));
            RegistrySettings settings = new RegistrySettings(
                    users, upstreams(config, client), config.sparse(), config.gcGrace(), Duration.ofDays(1), engine);
            RegistryServer registry = closing.add(RegistryServer.open(
                    new Storage(store.content(), store.database(), store.leases()), settings, InstantSource.system()));
            HttpServer http = closing.add(registry.serve(config.listeners()));
            ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("registry-collection").factory());
            closing.add(timer::shutdownNow);
            long millis = config.gcInterval().toMillis();
            var _ = timer.scheduleWithFixedDelay(
                    () -> collect(registry, collection), Math.min(millis, 60_000), millis, TimeUnit.MILLISECONDS);
            return new RegistryService(closing, http.endpoints());
        } catch (IOException | RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    private static Optional<Upstreams> upstreams(RegistryConfig config, RegistryClient client) {
        return config.upstreams().isEmpty()
                ? Optional.empty()
                : Optional.of(new Upstreams(config.upstreams(), config.upstreamTtl(), client));
    }

    private static void collect(RegistryServer registry, Runnable collection) {
        try {
            registry.tidy();
            collection.run();
        } catch (FornoException | IllegalStateException e) {
            LOG.log(Level.WARNING, "collect the registry's garbage: " + e.getMessage(), e);
        }
    }

    /** Where it listens. */
    List<Endpoint> endpoints() {
        return endpoints;
    }

    /** Stops serving. Idempotent. */
    @Override
    public void close() {
        closing.close();
    }
}
