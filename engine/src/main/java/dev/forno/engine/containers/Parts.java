package dev.forno.engine.containers;

import dev.forno.engine.events.Events;
import dev.forno.engine.images.Images;
import dev.forno.engine.volumes.LocalVolumes;
import dev.forno.network.endpoints.Networks;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.ContainerRuntime;
import dev.forno.store.snapshots.Snapshot;
import dev.forno.store.snapshots.Snapshotter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * What the services of containers work with.
 *
 * @param networks the bridge networks
 * @param bridge the name of the network that containers join by default
 * @param directory where each container has a directory of its own
 * @param random the source of ids and names
 * @param processors how many this machine has
 */
record Parts(
        ContainerRecords records,
        Images images,
        Snapshotter snapshotter,
        LocalVolumes volumes,
        Networks networks,
        String bridge,
        ContainerRuntime runtime,
        Events events,
        Path directory,
        InstantSource clock,
        RandomGenerator random,
        int processors) {

    /** A container's writable file system; every recorded container has one. */
    Snapshot snapshot(String id) {
        return snapshotter
                .snapshot(id)
                .orElseThrow(() -> new FornoException(
                        ErrorKind.DATA_LOSS, "find file system of container " + id + ": there is no snapshot"));
    }

    /** A new id: 64 hexadecimal digits. */
    String newId() {
        StringBuilder id = new StringBuilder();
        while (id.length() < 64) {
            id.append(String.format("%016x", random.nextLong()));
        }
        // a name that is all digits would be taken for a number somewhere
        return id.substring(0, 12).matches("\\d+") ? newId() : id.toString();
    }

    /** A container's directory. */
    ContainerDirectory directory(String id) {
        return new ContainerDirectory(directory, id);
    }
}
