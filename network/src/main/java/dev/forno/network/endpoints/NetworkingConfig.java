package dev.forno.network.endpoints;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What sets one engine's networks apart from another's on the same machine.
 *
 * @param namespaces the directory for network namespaces, {@code /run/forno/netns}
 * @param table the name of the engine's own nf_tables table, {@code forno}
 * @param containerNames finds a container's present name by its id, for error texts
 * @param random the source of endpoint ids
 */
public record NetworkingConfig(
        Path namespaces, String table, Function<String, Optional<String>> containerNames, RandomGenerator random) {}
