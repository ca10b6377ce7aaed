package dev.forno.build.solvers;

import dev.forno.build.caches.BuildCache;
import dev.forno.network.endpoints.Networks;
import dev.forno.runtime.tasks.ContainerRuntime;
import dev.forno.store.Store;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What builds work with.
 *
 * @param network makes sure of the network that RUN steps join and gives its name
 */
public record Machine(
        Store store,
        BuildCache cache,
        ContainerRuntime runtime,
        Networks networks,
        Supplier<String> network,
        InstantSource clock,
        RandomGenerator random) {

    /** The beginning of the keys of snapshots that builds make. */
    public static final String SNAPSHOT_PREFIX = "build-";

    /** A new id of 64 hexadecimal digits. */
    String newId() {
        StringBuilder id = new StringBuilder(64);
        for (int i = 0; i < 4; i++) {
            id.append(String.format("%016x", random.nextLong()));
        }
        return id.toString();
    }
}
