package dev.forno.engine.containers;

import dev.forno.engine.events.Events;
import dev.forno.engine.images.ConfigChanges;
import dev.forno.engine.images.ImageServices;
import dev.forno.engine.volumes.LocalVolumes;
import dev.forno.network.endpoints.NetworkSpec;
import dev.forno.network.endpoints.Networks;
import dev.forno.runtime.tasks.ContainerRuntime;
import dev.forno.store.Store;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** The services of containers, made together and sharing one state. */
public record ContainerServices(
        Containers containers,
        Tasks tasks,
        ContainerStreams streams,
        Execs execs,
        ContainerFiles files,
        ContainerStats stats) {

    /**
     * What the services are made of.
     *
     * @param networkSpecs the networks that shall exist; the first is the one that containers join by default
     * @param networkIds the id of a network by its name
     * @param directory where each container gets a directory of its own
     */
    public record Setup(
            Store store,
            ContainerRecords records,
            ImageServices images,
            ConfigChanges changes,
            LocalVolumes volumes,
            Networks networks,
            List<NetworkSpec> networkSpecs,
            UnaryOperator<String> networkIds,
            ContainerRuntime runtime,
            Events events,
            Path directory,
            InstantSource clock,
            RandomGenerator random) {}

    /** Makes the services and brings records and machine together; afterwards they may be used. */
    public static ContainerServices open(Setup s) {
        Parts parts = new Parts(
                s.records(),
                s.images().images(),
                s.store().snapshotter(),
                s.volumes(),
                s.networks(),
                s.networkSpecs().getFirst().name(),
                s.runtime(),
                s.events(),
                s.directory(),
                s.clock(),
                s.random(),
                Runtime.getRuntime().availableProcessors());
        ContainerNetwork network = new ContainerNetwork(parts, s.networkIds());
        ContainerRemoval removal = new ContainerRemoval(parts);
        ContainerExits exits = new ContainerExits(
                parts,
                network,
                (entry, volumes) -> removal.remove(entry, new Containers.RemoveOptions(false, volumes)));
        new ContainerRecovery(parts, exits, removal).recover(s.networkSpecs());
        TaskService tasks = new TaskService(parts, new ContainerStart(parts, network, exits), removal);
        ContainerCreation creation = new ContainerCreation(
                parts,
                network,
                new InitLayer(s.store().snapshotter(), s.store().leases()),
                new VolumeFill(s.volumes()));
        Commits commits = new Commits(
                parts, s.store().layers(), s.store().leases(), s.images().writer(), s.changes());
        return new ContainerServices(
                new ContainerService(parts, creation, removal, tasks),
                tasks,
                new StreamService(parts),
                new ExecService(parts),
                new FileService(parts, commits),
                new StatService(parts));
    }
}
