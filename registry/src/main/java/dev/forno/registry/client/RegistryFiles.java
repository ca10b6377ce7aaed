package dev.forno.registry.client;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where what concerns registries is written down; any of the files may be missing.
 *
 * @param certificates folders {@code certs.d} with a folder for each registry; all of them count
 * @param registries places of {@code registries.conf}; the first that exists counts, with the files of its directory
 *     {@code .d}
 * @param credentials Docker's {@code config.json}, or null for no credentials of the engine's own
 */
public record RegistryFiles(
        List<Path> certificates,
        List<Path> registries,
        @Nullable Path credentials) {
    /** Nothing is written down. */
    public static final RegistryFiles NONE = new RegistryFiles(List.of(), List.of(), null);

    /** The usual places; {@code DOCKER_CONFIG} and {@code HOME} of the environment lead to {@code config.json}. */
    public static RegistryFiles usual(Map<String, String> environment) {
        String folder = environment.getOrDefault("DOCKER_CONFIG", "");
        String home = environment.getOrDefault("HOME", "");
        Path docker = folder.isEmpty() ? Path.of(home.isEmpty() ? "/root" : home, ".docker") : Path.of(folder);
        return new RegistryFiles(
                List.of(
                        Path.of("/etc/forno/certs.d"),
                        Path.of("/etc/docker/certs.d"),
                        Path.of("/etc/containers/certs.d")),
                List.of(Path.of("/etc/forno/registries.conf"), Path.of("/etc/containers/registries.conf")),
                docker.resolve("config.json"));
    }
}
