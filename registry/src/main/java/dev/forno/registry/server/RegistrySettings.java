package dev.forno.registry.server;

import dev.forno.registry.repositories.Retention;
import java.util.Optional;

/**
 * How a registry behaves.
 *
 * @param users who may use it; everyone for everything when empty
 * @param upstreams other registries whose repositories appear here
 * @param sparse whether manifests are accepted before what they need
 * @param retention how long it keeps what nobody needs
 * @param engine the key of the engine that this registry is part of
 */
public record RegistrySettings(
        Optional<Users> users, Optional<Upstreams> upstreams, boolean sparse, Retention retention, EngineKey engine) {
    /** Open for everyone: for loopback addresses and tests. */
    public static final RegistrySettings OPEN =
            new RegistrySettings(Optional.empty(), Optional.empty(), false, Retention.DEFAULT, EngineKey.NONE);
}
