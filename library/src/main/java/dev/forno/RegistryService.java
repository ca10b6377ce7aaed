package dev.forno;

import dev.forno.http.Endpoint;
import dev.forno.http.server.HttpServer;
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

    /** How long a collection under way may go on when the registry stops. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

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
                            config.token()
                                    ? Optional.of(new Users.TokenService(
                                            own.resolve("registry-token.key"), config.publicUrl()))
                                    : Optional.empty()));
            RegistrySettings settings =
                    new RegistrySettings(users, upstreams(config, client), config.sparse(), config.retention(), engine);
            RegistryServer registry = closing.add(RegistryServer.open(
                    new Storage(store.content(), store.database(), store.leases()), settings, InstantSource.system()));
            HttpServer http = closing.add(registry.serve(config.listeners()));
            ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("registry-collection").factory());
            closing.add(() -> end(timer));
            repeat(timer, config.gcInterval(), () -> {
                registry.tidy();
                collection.run();
            });
            return new RegistryService(closing, http.endpoints());
        } catch (IOException | RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    private static Optional<Upstreams> upstreams(RegistryConfig config, RegistryClient client) {
        return config.upstreams().isEmpty()
                ? Optional.empty()
                : Optional.of(new Upstreams(config.upstreams(), config.upstreamTtl(), Upstreams.PATIENCE, client));
    }

    /** Goes on past failures of the work, whatever they are. */
    static void repeat(ScheduledThreadPoolExecutor timer, Duration interval, Runnable work) {
        long millis = interval.toMillis();
        var _ = timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException | Error e) { // else it would be the last time
                        LOG.log(Level.WARNING, "collect the registry's garbage: " + e, e);
                    }
                },
                Math.min(millis, 60_000),
                millis,
                TimeUnit.MILLISECONDS);
    }

    /** Waits for a collection under way: an interrupt would close the database's files, which others still use. */
    static void end(ScheduledThreadPoolExecutor timer) {
        timer.shutdown();
        try {
            if (timer.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                return;
            }
            LOG.log(Level.WARNING, "stop the registry: its collection takes long; breaking it off");
            timer.shutdownNow();
            var _ = timer.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            timer.shutdownNow();
            Thread.currentThread().interrupt();
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
