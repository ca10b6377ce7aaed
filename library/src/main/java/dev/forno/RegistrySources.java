package dev.forno;

import dev.forno.registry.client.RegistryFiles;
import dev.forno.registry.client.RegistryOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the engine knows about registries, and from where.
 *
 * @param insecure registries whose certificates aren't checked and that may be asked without TLS: hosts, hosts with port,
 *     networks ({@code insecure-registry}, repeatable); loopback always may
 * @param mirrors addresses of mirrors of Docker Hub ({@code registry-mirror}, repeatable)
 * @param certificates folders {@code certs.d} ({@code certs-d}, repeatable); the usual ones when empty
 * @param configuration the file {@code registries.conf} ({@code registries-conf}); the usual one when empty
 * @param credentials Docker's {@code config.json} with the engine's own credentials ({@code registry-auth}); that of the
 *     engine's user when empty
 */
public record RegistrySources(
        Set<String> insecure,
        List<String> mirrors,
        List<Path> certificates,
        Optional<Path> configuration,
        Optional<Path> credentials) {
    /** All in the usual places. */
    public static final RegistrySources USUAL =
            new RegistrySources(Set.of(), List.of(), List.of(), Optional.empty(), Optional.empty());

    /** Copies. */
    public RegistrySources {
        insecure = Set.copyOf(insecure);
        mirrors = List.copyOf(mirrors);
        certificates = List.copyOf(certificates);
    }

    /** The options of the client. */
    RegistryOptions options(Map<String, String> environment) {
        RegistryFiles usual = RegistryFiles.usual(environment);
        return RegistryOptions.DEFAULT
                .withInsecureRegistries(insecure)
                .withHubMirrors(mirrors)
                .withEnvironment(environment)
                .withFiles(new RegistryFiles(
                        certificates.isEmpty() ? usual.certificates() : certificates,
                        configuration.map(List::of).orElse(usual.registries()),
                        credentials.orElse(usual.credentials())));
    }
}
