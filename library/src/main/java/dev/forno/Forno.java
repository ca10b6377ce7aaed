package dev.forno;

import dev.forno.build.configs.ChangeInstructions;
import dev.forno.dockerapi.DockerApi;
import dev.forno.dockerapi.EngineServices;
import dev.forno.engine.builds.BuildParts;
import dev.forno.engine.builds.Builds;
import dev.forno.engine.containers.ContainerRecords;
import dev.forno.engine.containers.ContainerServices;
import dev.forno.engine.containers.NetworkMembers;
import dev.forno.engine.events.EventLog;
import dev.forno.engine.images.GarbageRoots;
import dev.forno.engine.images.ImageServices;
import dev.forno.engine.networks.BridgeRecord;
import dev.forno.engine.networks.BuiltInNetworks;
import dev.forno.engine.system.EngineFacts;
import dev.forno.engine.system.EngineIdentity;
import dev.forno.engine.system.LocalHousekeeping;
import dev.forno.engine.system.LocalSystem;
import dev.forno.engine.volumes.LocalVolumes;
import dev.forno.http.server.HttpServer;
import dev.forno.http.server.Listener;
import dev.forno.linux.files.FullDisk;
import dev.forno.network.bridges.KernelNetworks;
import dev.forno.network.endpoints.NetworkSpec;
import dev.forno.network.endpoints.NetworkingConfig;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.registry.client.RegistryClient;
import dev.forno.registry.repositories.Repositories;
import dev.forno.runtime.monitors.ContainerRuntimes;
import dev.forno.runtime.tasks.ContainerRuntime;
import dev.forno.runtime.tasks.RuntimeConfig;
import dev.forno.store.Store;
import dev.forno.store.snapshots.Snapshot;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An engine in this process: open it, use its services, close it. Containers go on running when it closes; the next one
 * that opens the same state adopts them. One engine at a time per state and per run directory. Needs root.
 */
public final class Forno implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Forno.class.getName());

    private final FornoConfig config;
    private final EngineServices services;
    private final OwnRegistrySetup own;
    private final Closing closing;

    private Forno(FornoConfig config, EngineServices services, OwnRegistrySetup own, Closing closing) {
        this.config = config;
        this.services = services;
        this.own = own;
        this.closing = closing;
    }

    /**
     * Opens an engine: takes its directories, adopts what runs, finishes or undoes what an earlier one left half done.
     *
     * @throws FornoException {@link ErrorKind#FAILED_PRECONDITION} when another engine uses the directories,
     *     {@link ErrorKind#UNAVAILABLE} when the machine lacks something that is needed, with what and the remedy
     */
    public static Forno open(FornoConfig config) {
        Closing closing = new Closing();
        try {
            return open(config, closing);
        } catch (RuntimeException e) {
            closing.close();
            throw e;
        } catch (IOException e) {
            closing.close();
            throw new FornoException(ErrorKind.INTERNAL, "open engine: " + e.getMessage(), e);
        }
    }

    private static Forno open(FornoConfig config, Closing closing) throws IOException {
        InstantSource clock = InstantSource.system();
        SecureRandom random = new SecureRandom();
        closing.add(FullDisk.watch(config.state()));
        closing.add(FullDisk.watch(config.run()));
        closing.add(DirectoryLock.take(config.state(), "rwx--x---"));
        closing.add(DirectoryLock.take(config.run(), "rwxr-xr-x"));
        Opening<ContainerRuntime> opening =
                closing.add(Opening.begin("open-runtime", () -> ContainerRuntimes.open(runtime(config))));
        Store store = closing.add(Store.open(config.state().resolve("store"), clock, config.snapshotter()));
        ContainerRuntime runtime = closing.add(opening.take());
        EngineIdentity identity = EngineIdentity.of(store.database(), clock, random);
        EventLog events = new EventLog(clock);
        ContainerRecords records = ContainerRecords.open(store.database(), id -> layers(store, id));
        KernelNetworks bridges = closing.add(KernelNetworks.open(
                new NetworkingConfig(config.run().resolve("netns"), config.nftTable(), records::nameOf, random)));
        LocalVolumes volumes = LocalVolumes.open(
                config.state().resolve("volumes"), store.database(), records::usersOfVolume, events, clock, random);
        RegistryClient registry =
                closing.add(new RegistryClient(config.registries().options(System.getenv())));
        GarbageRoots roots = new GarbageRoots();
        // what was pushed to the engine's registry stays, whether that is served this time or not
        roots.add(() -> Repositories.roots(store.database()));
        ImageServices images = ImageServices.open(
                store,
                registry,
                roots,
                records,
                (action, id, attributes) -> events.publish("image", action, id, attributes),
                ChangeInstructions::apply,
                clock);
        NetworkSpec bridge = bridge(config, store);
        ContainerServices containers = ContainerServices.open(new ContainerServices.Setup(
                store,
                records,
                images,
                ChangeInstructions::apply,
                volumes,
                bridges,
                List.of(bridge),
                name -> BuiltInNetworks.id(identity.id(), name),
                runtime,
                events,
                config.state().resolve("containers"),
                clock,
                random));
        bridges.networks().forEach(network -> BridgeRecord.keep(store.database(), network));
        Builds builds = Builds.open(new BuildParts(
                store,
                runtime,
                bridges,
                bridge::name,
                images,
                roots,
                config.state().resolve("builds"),
                clock,
                random));
        closing.add(Sweep.begin(roots, store));
        LocalSystem system = new LocalSystem(
                facts(config, identity),
                containers.containers(),
                containers.files(),
                images.images(),
                volumes,
                events,
                runtime,
                bridges,
                store.snapshotter(),
                clock);
        BuiltInNetworks networks = new BuiltInNetworks(
                identity.id(), identity.created(), bridges, name -> NetworkMembers.of(records, name));
        EngineServices services = new EngineServices(
                containers.containers(),
                containers.tasks(),
                containers.streams(),
                containers.execs(),
                containers.files(),
                containers.stats(),
                volumes,
                networks,
                images,
                builds,
                events,
                system,
                new LocalHousekeeping(
                        config.state(),
                        config.state().resolve("containers"),
                        config.state().resolve("builds"),
                        store,
                        containers.containers(),
                        networks,
                        volumes,
                        images,
                        builds,
                        clock));
        OwnRegistrySetup own = new OwnRegistrySetup(store, config.state(), registry, () -> roots.collect(store));
        return new Forno(config, services, own, closing);
    }

    private static RuntimeConfig runtime(FornoConfig config) {
        return new RuntimeConfig(
                config.run().resolve("runtime"), config.runtime(), config.monitor(), config.cgroupParent());
    }

    private static List<Digest> layers(Store store, String container) {
        return store.snapshotter().snapshot(container).map(Snapshot::layers).orElse(List.of());
    }

    private static NetworkSpec bridge(FornoConfig config, Store store) {
        BridgeAddress address = config.subnet().map(BridgeAddress::parse).orElse(null);
        return BridgeRecord.wanted(
                store.database(),
                config.bridge(),
                address == null ? null : address.subnet(),
                address == null ? null : address.gateway());
    }

    private static EngineFacts facts(FornoConfig config, EngineIdentity identity) {
        BuildFacts build = BuildFacts.read();
        return new EngineFacts(
                identity.id(),
                identity.created(),
                build.version(),
                build.commit(),
                build.time(),
                config.state(),
                config.run());
    }

    /** The services. They may be used from any thread until the engine is closed. */
    public EngineServices services() {
        return services;
    }

    /**
     * Serves the Docker Engine API at the configured socket and hosts, and the registry if one is configured; closing the
     * engine stops both.
     *
     * @throws IOException when a socket or port can't be listened at
     */
    public HttpServer serve() throws IOException {
        List<Listener> listeners = new ArrayList<>();
        listeners.add(new Listener.Unix(
                config.socket(), PosixFilePermissions.fromString("rw-rw----"), Optional.of(config.socketGroup())));
        for (String host : config.hosts()) {
            Listener.Tcp listener = TcpHost.parse(host);
            TcpHost.warning(listener).ifPresent(warning -> LOG.log(Level.WARNING, warning));
            listeners.add(listener);
        }
        if (config.registry().isPresent()) {
            own.serve(config.registry().get(), closing);
        }
        return closing.add(new DockerApi(services, BuildFacts.read().version()).serve(listeners));
    }

    /** Stops serving and lets go of everything; containers go on running. Idempotent. */
    @Override
    public void close() {
        closing.close();
    }
}
