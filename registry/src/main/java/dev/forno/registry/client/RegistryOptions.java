package dev.forno.registry.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How registries are spoken to.
 *
 * @param insecureRegistries registries whose certificates aren't checked and that may be spoken to without TLS, besides
 *     loopback addresses: {@code host}, {@code host:port} or networks as {@code 10.0.0.0/8}
 * @param hubMirrors addresses of mirrors of Docker Hub, in order
 * @param files further settings, mirrors, certificates and credentials
 * @param environment the variables that name proxies
 */
public record RegistryOptions(
        String userAgent,
        Set<String> insecureRegistries,
        List<String> hubMirrors,
        RegistryFiles files,
        Map<String, String> environment,
        Patience patience) {
    /** What suits the internet; neither files nor proxies. */
    public static final RegistryOptions DEFAULT =
            new RegistryOptions("forno", Set.of(), List.of(), RegistryFiles.NONE, Map.of(), Patience.DEFAULT);

    /** The same with registries that may be spoken to without TLS. */
    public RegistryOptions withInsecureRegistries(Set<String> registries) {
        return new RegistryOptions(userAgent, Set.copyOf(registries), hubMirrors, files, environment, patience);
    }

    /** The same with mirrors of Docker Hub. */
    public RegistryOptions withHubMirrors(List<String> mirrors) {
        return new RegistryOptions(userAgent, insecureRegistries, List.copyOf(mirrors), files, environment, patience);
    }

    /** The same with files. */
    public RegistryOptions withFiles(RegistryFiles other) {
        return new RegistryOptions(userAgent, insecureRegistries, hubMirrors, other, environment, patience);
    }

    /** The same with an environment. */
    public RegistryOptions withEnvironment(Map<String, String> variables) {
        return new RegistryOptions(userAgent, insecureRegistries, hubMirrors, files, Map.copyOf(variables), patience);
    }

    /** The same with another patience. */
    public RegistryOptions withPatience(Patience other) {
        return new RegistryOptions(userAgent, insecureRegistries, hubMirrors, files, environment, other);
    }

    /** The same with other pauses between attempts. */
    public RegistryOptions withRetryDelay(Duration delay) {
        return withPatience(patience.withRetryDelay(delay));
    }
}
