package dev.forno;

import dev.forno.http.Endpoint;
import dev.forno.registry.client.OwnRegistry;
import dev.forno.registry.client.RegistryClient;
import dev.forno.registry.server.EngineKey;
import dev.forno.store.Store;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;

/**
 * What the engine's own registry is made of. It shares the engine's content: what the engine pushes to it is not copied,
 * because the engine's client shows a key by which the registry knows that the bytes are there already.
 */
record OwnRegistrySetup(Store store, Path state, RegistryClient client, Runnable collection) {
    private static final Logger LOG = System.getLogger(OwnRegistrySetup.class.getName());

    /** Serves it until {@code closing} is closed. */
    void serve(RegistryConfig config, Closing closing) throws IOException {
        EngineKey key = EngineKey.make(new SecureRandom());
        RegistryService service = closing.add(RegistryService.start(config, store, state, client, key, collection));
        Set<String> addresses = new HashSet<>();
        for (Endpoint endpoint : service.endpoints()) {
            if (endpoint instanceof Endpoint.Tcp tcp) {
                addresses.addAll(OwnAddresses.of(tcp));
            }
        }
        client.serves(new OwnRegistry(Set.copyOf(addresses), key.secret()));
        closing.add(() -> client.serves(OwnRegistry.NONE));
        LOG.log(Level.INFO, "registry: listening at " + service.endpoints());
    }
}
