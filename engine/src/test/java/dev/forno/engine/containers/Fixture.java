package dev.forno.engine.containers;

import dev.forno.engine.events.EventLog;
import dev.forno.engine.volumes.LocalVolumes;
import dev.forno.network.endpoints.NetworkSpec;
import dev.forno.oci.Digest;
import dev.forno.store.leases.Lease;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Containers over fakes; {@link #restart} is another engine over the same state. */
final class Fixture {
    final Path directory;
    final MemoryDatabase database = new MemoryDatabase();
    final FakeSnapshotter snapshotter;
    final FakeRuntime runtime = new FakeRuntime();
    final FakeNetworks networks = new FakeNetworks();
    final InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(1_000));
    EventLog events = new EventLog(clock);
    ContainerRecords records;
    LocalVolumes volumes;
    Parts parts;
    ContainerService containers;
    TaskService tasks;
    StreamService streams;
    private final Random random = new Random(7);

    Fixture(Path directory) {
        this.directory = directory;
        this.snapshotter = new FakeSnapshotter(directory.resolve("snapshots"));
        start();
    }

    void restart() {
        start();
    }

    private void start() {
        events = new EventLog(clock);
        records = ContainerRecords.open(database, id -> List.<Digest>of());
        try {
            volumes = LocalVolumes.open(
                    directory.resolve("volumes"), database, records::usersOfVolume, events, clock, random);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        parts = new Parts(
                records,
                new FakeImages(),
                snapshotter,
                volumes,
                networks,
                "bridge",
                runtime,
                events,
                directory.resolve("containers"),
                clock,
                random,
                2);
        ContainerNetwork network = new ContainerNetwork(parts, name -> name + "-id");
        ContainerRemoval removal = new ContainerRemoval(parts);
        ContainerExits exits =
                new ContainerExits(parts, network, (e, v) -> removal.remove(e, new Containers.RemoveOptions(false, v)));
        new ContainerRecovery(parts, exits, removal).recover(List.of(NetworkSpec.bridge("bridge", "b0")));
        tasks = new TaskService(parts, new ContainerStart(parts, network, exits), removal);
        InitLayer init = new InitLayer(snapshotter, purpose -> new Lease() {
            @Override
            public void protect(Digest digest) {}

            @Override
            public void close() {}
        });
        containers = new ContainerService(
                parts, new ContainerCreation(parts, network, init, new VolumeFill(volumes)), removal, tasks);
        streams = new StreamService(parts);
    }

    String create(String name) {
        return create(name, HostOptions.DEFAULTS);
    }

    String create(String name, HostOptions host) {
        return containers
                .create(new CreateRequest(name, ContainerConfig.of("app"), host, null, Map.of()))
                .id();
    }

    FakeRuntime.FakeTask task(String id) {
        FakeRuntime.FakeTask task = runtime.tasks.get(id);
        if (task == null) {
            throw new AssertionError("no task " + id);
        }
        return task;
    }
}
