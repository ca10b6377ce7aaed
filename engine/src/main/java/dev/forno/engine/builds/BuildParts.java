package dev.forno.engine.builds;

import dev.forno.engine.images.GarbageRoots;
import dev.forno.engine.images.ImageServices;
import dev.forno.network.endpoints.Networks;
import dev.forno.runtime.tasks.ContainerRuntime;
import dev.forno.store.Store;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What the service of builds is made of.
 *
 * @param network makes sure that the network of RUN steps exists and gives its name
 * @param temporary a directory for contexts, of this service alone
 */
public record BuildParts(
        Store store,
        ContainerRuntime runtime,
        Networks networks,
        Supplier<String> network,
        ImageServices images,
        GarbageRoots roots,
        Path temporary,
        InstantSource clock,
        RandomGenerator random) {}
