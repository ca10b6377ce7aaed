package dev.forno.engine.containers;

import dev.forno.engine.containers.Container.StorageDriver;
import dev.forno.engine.containers.Containers.Created;
import dev.forno.engine.containers.PlannedMount.Kind;
import dev.forno.engine.images.Image;
import dev.forno.engine.volumes.LocalVolumes;
import dev.forno.engine.volumes.Volume;
import dev.forno.engine.volumes.Volumes.VolumeRequest;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.leases.Lease;
import dev.forno.store.snapshots.Snapshot;
import dev.forno.store.snapshots.SnapshotPaths;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Makes containers: either the record is written, last, and everything it names is there, or nothing is left. What a crash
 * leaves before the record has no record and is removed at the next start.
 */
final class ContainerCreation {
    private final Parts parts;
    private final ContainerNames names;
    private final ContainerNetwork network;
    private final InitLayer initLayer;
    private final VolumeFill fill;
    private final ContainerEvents events;

    ContainerCreation(Parts parts, ContainerNetwork network, InitLayer initLayer, VolumeFill fill) {
        this.parts = parts;
        this.names = new ContainerNames(parts.records(), parts.random());
        this.network = network;
        this.initLayer = initLayer;
        this.fill = fill;
        this.events = new ContainerEvents(parts.events());
    }

    Created create(CreateRequest request) {
        Refusals.check(request);
        requireRuntime(request.host().runtime());
        List<String> warnings =
                new ArrayList<>(new OptionChecks(parts.processors()).check(request.config(), request.host()));
        Image image = image(request);
        String id = parts.newId();
        String asked = request.name();
        String name;
        if (asked == null || asked.isEmpty()) {
            name = names.generate(id);
        } else {
            name = ContainerNames.checked(asked);
            parts.records().reserve(name, id);
        }
        try {
            return new Created(id, createNamed(request, image, id, name, warnings));
        } catch (RuntimeException e) {
            parts.records().release(name, id);
            throw e;
        }
    }

    /** Another runtime may confine differently, so one that is not used is never passed over in silence. */
    private void requireRuntime(String name) {
        if (!name.isEmpty()
                && !name.equals("default")
                && !name.equals(parts.runtime().facts().name())) {
            throw OptionChecks.invalid(
                    "unknown or invalid runtime name: " + name + " (this engine runs containers with "
                            + parts.runtime().facts().name() + ")");
        }
    }

    private Image image(CreateRequest request) {
        return parts.images().resolve(request.config().image(), request.platform());
    }

    private List<String> createNamed(
            CreateRequest request, Image image, String id, String name, List<String> warnings) {
        ContainerConfig config =
                ConfigMerge.merge(request.config(), image.config().execution(), hostname(request.host(), id));
        List<String> line = ConfigMerge.commandLine(config);
        MountPlan plan =
                MountPlan.of(config, request.host().storage(), ref -> other(ref).value());
        Undo undo = new Undo();
        try (Lease lease = initLayer.lease();
                LocalVolumes.Hold hold = parts.volumes().hold()) {
            image.layers().forEach(lease::protect);
            List<Digest> layers = new ArrayList<>(image.layers());
            layers.add(initLayer.diffId());
            parts.snapshotter().index(image.layers()); // shared by all containers of the image
            Snapshot snapshot = parts.snapshotter().prepare(id, layers);
            undo.add(snapshot::remove);
            ContainerDirectory directory = parts.directory(id);
            undo.add(directory::remove);
            directory.create();
            List<Volume> unclaimed = new ArrayList<>();
            undo.add(() -> parts.volumes().discard(unclaimed));
            List<MountPoint> mounts = mounts(plan, hold, unclaimed);
            if (plan.mayCopy()) {
                fill.fill(snapshot, mounts, unclaimed);
            }
            boolean logged = !request.host().log().driver().equals("none");
            Container container = new Container(
                    id,
                    name,
                    parts.clock().instant(),
                    image.id().toString(),
                    image.config().platform(),
                    config,
                    host(request),
                    line.getFirst(),
                    line.subList(1, line.size()),
                    ContainerState.NEW,
                    0,
                    mounts,
                    network.initial(request.host()),
                    directory.files(logged),
                    storage(snapshot),
                    List.of());
            warnings.addAll(parts.runtime().degraded(TaskSpecs.process(container)));
            parts.records().add(container, tx -> parts.volumes().claim(tx, unclaimed));
            parts.volumes().claimed(unclaimed);
            events.publish(container, "create");
            return List.copyOf(warnings);
        } catch (RuntimeException e) {
            undo.run(e);
            throw e;
        }
    }

    /** As Docker names the directories. */
    private StorageDriver storage(Snapshot snapshot) {
        SnapshotPaths paths = snapshot.paths();
        return new StorageDriver(
                parts.snapshotter().name(),
                Map.of(
                        "LowerDir",
                        paths.lowers().stream().map(Path::toString).collect(Collectors.joining(":")),
                        "UpperDir",
                        paths.upper().toString(),
                        "WorkDir",
                        paths.work().toString(),
                        "MergedDir",
                        paths.merged().toString()));
    }

    private String hostname(HostOptions host, String id) {
        if (host.namespaces().uts().equals("host") || NetworkMode.of(host) instanceof NetworkMode.Host) {
            return HostFacts.hostname();
        }
        if (NetworkMode.of(host) instanceof NetworkMode.Joined j) {
            return other(j.container()).value().config().hostname();
        }
        return id.substring(0, 12);
    }

    /** A container that an option names. Without it the request is wrong: of "not found" clients think it is the image. */
    private ContainerEntry other(String ref) {
        try {
            return parts.records().find(ref);
        } catch (FornoException e) {
            throw e.kind() == ErrorKind.NOT_FOUND
                    ? new FornoException(ErrorKind.INVALID_ARGUMENT, e.getMessage(), e)
                    : e;
        }
    }

    /** The options as recorded: a joined container is named by its id, which stays when its name changes. */
    private HostOptions host(CreateRequest request) {
        HostOptions host = request.host().withRuntime(parts.runtime().facts().name());
        if (!(NetworkMode.of(host) instanceof NetworkMode.Joined j)) {
            return host;
        }
        HostOptions.NetworkOptions n = host.network();
        return host.withNetwork(new HostOptions.NetworkOptions(
                "container:" + other(j.container()).id(),
                n.portBindings(),
                n.publishAll(),
                n.dns(),
                n.dnsOptions(),
                n.dnsSearch(),
                n.extraHosts(),
                n.links()));
    }

    private List<MountPoint> mounts(MountPlan plan, LocalVolumes.Hold hold, List<Volume> unclaimed) {
        List<MountPoint> mounts = new ArrayList<>(plan.inherited());
        for (MountPoint inherited : mounts) {
            if (inherited.type().equals("volume")) {
                hold.take(inherited.name());
                parts.volumes().get(inherited.name()); // the lender may have gone with it meanwhile
            }
        }
        for (PlannedMount planned : plan.planned()) {
            mounts.add(
                    switch (planned.kind()) {
                        case VOLUME -> volume(planned, hold, unclaimed);
                        case BIND, TMPFS -> mount(planned);
                    });
        }
        return List.copyOf(mounts);
    }

    private MountPoint volume(PlannedMount planned, LocalVolumes.Hold hold, List<Volume> unclaimed) {
        boolean anonymous = planned.source().isEmpty();
        Volume volume;
        if (anonymous) {
            volume = parts.volumes().createUnclaimed();
            unclaimed.add(volume);
        } else {
            hold.take(planned.source());
            volume = parts.volumes()
                    .create(new VolumeRequest(planned.source(), "", planned.driverOptions(), planned.labels()));
        }
        return new MountPoint(
                "volume",
                volume.name(),
                volume.mountpoint(),
                planned.destination(),
                volume.driver(),
                planned.mode().isEmpty() ? "z" : planned.mode(),
                planned.writable(),
                "",
                "",
                anonymous,
                planned.noCopy(),
                false,
                false);
    }

    private static MountPoint mount(PlannedMount planned) {
        return new MountPoint(
                planned.kind() == Kind.BIND ? "bind" : "tmpfs",
                "",
                planned.source(),
                planned.destination(),
                "",
                planned.mode(),
                planned.writable(),
                planned.propagation(),
                planned.tmpfsOptions(),
                false,
                planned.noCopy(),
                planned.nonRecursive(),
                planned.mustExist());
    }
}
