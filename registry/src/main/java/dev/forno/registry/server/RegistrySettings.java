package dev.forno.registry.server;

import java.time.Duration;
import java.util.Optional;

/**
 * How a registry behaves.
 *
 * @param users who may use it; everyone for everything when empty
 * @param upstreams other registries whose repositories appear here
 * @param sparse whether manifests are accepted before what they need
 * @param grace how long a blob stays that no manifest needs, from when somebody last pushed or looked for it
 * @param uploadLifetime how long after its begin an unfinished upload may go on
 * @param engine the key of the engine that this registry is part of
 */
public record RegistrySettings(
        Optional<Users> users,
        Optional<Upstreams> upstreams,
        boolean sparse,
        Duration grace,
        Duration uploadLifetime,
        EngineKey engine) {
    /** Open for everyone: for loopback addresses and tests. */
    public static final RegistrySettings OPEN = new RegistrySettings(
            Optional.empty(), Optional.empty(), false, Duration.ofHours(1), Duration.ofDays(1), EngineKey.NONE);
}
