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
 * @param client how they are asked; its owner closes it, after the registry
 */
public record Upstreams(List<String> registries, Duration ttl, RegistryClient client) {
    /** Checks the registries; throws {@link dev.forno.oci.ErrorKind#INVALID_ARGUMENT}. */
    public Upstreams {
        registries = List.copyOf(registries);
        registries.forEach(Upstream::parse);
    }
}
