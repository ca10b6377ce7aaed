package dev.forno.registry.server;

import dev.forno.registry.client.RegistryClient;
import dev.forno.registry.upstreams.Upstream;
import java.time.Duration;
import java.util.List;

/**
 * Other registries whose repositories appear here.
 *
 * @param registries each as {@code host}, {@code name=host} or {@code /=host}
 * @param ttl how long a tag is served without asking its registry again
 * @param patience how long their answer is waited for where something is here that can be served instead
 * @param client how they are asked; its owner closes it, after the registry
 */
public record Upstreams(List<String> registries, Duration ttl, Duration patience, RegistryClient client) {
    /** Shorter than clients wait, longer than registries take. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Checks the registries; throws {@link dev.forno.oci.ErrorKind#INVALID_ARGUMENT}. */
    public Upstreams {
        registries = List.copyOf(registries);
        registries.forEach(Upstream::parse);
    }
}
