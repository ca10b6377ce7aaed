package dev.forno.registry.hosts;

import dev.forno.registry.certificates.Trust;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One host that answers for a repository.
 *
 * @param name {@code host[:port]}, by which credentials are looked up
 * @param bases {@code scheme://host[:port]} to be tried in turn, the first that speaks the protocol stays
 * @param root the path that the protocol's paths follow, usually {@code /v2}
 * @param repository the repository's path at this host
 * @param namespace the registry stood in for, as the query parameter {@code ns}, or the empty string
 * @param headers to be sent to it with every request
 * @param mirror whether it stands in for the registry that was named
 */
public record Host(
        String name,
        List<URI> bases,
        String root,
        String repository,
        String namespace,
        Set<Capability> capabilities,
        Trust trust,
        Map<String, String> headers,
        boolean mirror) {

    /** Hides the headers, which may hold secrets. */
    @Override
    public String toString() {
        return "Host[" + bases + root + "/" + repository + "]";
    }
}
