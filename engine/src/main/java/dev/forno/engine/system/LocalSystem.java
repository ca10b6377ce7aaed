package dev.forno.engine.system;

import dev.forno.engine.containers.Container;
import dev.forno.engine.containers.ContainerFiles;
import dev.forno.engine.containers.ContainerFiles.Sizes;
import dev.forno.engine.containers.Containers;
import dev.forno.engine.containers.Containers.ContainerQuery;
import dev.forno.engine.events.Events;
import dev.forno.engine.images.ImageFilter;
import dev.forno.engine.images.Images;
import dev.forno.engine.system.EngineDescription.Cgroups;
import dev.forno.engine.system.EngineDescription.Counts;
import dev.forno.engine.system.EngineDescription.Machine;
import dev.forno.engine.volumes.Volumes;
import dev.forno.linux.compression.Gzip;
import dev.forno.network.endpoints.Networks;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Platform;
import dev.forno.runtime.tasks.ContainerRuntime;
import dev.forno.runtime.tasks.RuntimeFacts;
import dev.forno.store.snapshots.Snapshotter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The engine on this machine. */
public final class LocalSystem implements SystemService {
    private final EngineFacts facts;
    private final Containers containers;
    private final ContainerFiles files;
    private final Images images;
    private final Volumes volumes;
    private final Events events;
    private final ContainerRuntime runtime;
    private final Networks networks;
    private final Snapshotter snapshotter;
    private final InstantSource clock;

    /** Makes the service of what it describes. */
    public LocalSystem(
            EngineFacts facts,
            Containers containers,
            ContainerFiles files,
            Images images,
            Volumes volumes,
            Events events,
            ContainerRuntime runtime,
            Networks networks,
            Snapshotter snapshotter,
            InstantSource clock) {
        this.facts = facts;
        this.containers = containers;
        this.files = files;
        this.images = images;
        this.volumes = volumes;
        this.events = events;
        this.runtime = runtime;
        this.networks = networks;
        this.snapshotter = snapshotter;
        this.clock = clock;
    }

    @Override
    public EngineDescription describe() {
        RuntimeFacts r = runtime.facts();
        Machine machine = MachineFacts.machine();
        Cgroups cgroups = CgroupFacts.of(r.cgroupVersion());
        return new EngineDescription(
                facts.id(),
                MachineFacts.hostname(),
                facts.version(),
                clock.instant(),
                counts(),
                images.list(ImageFilter.ALL).size(),
                snapshotter.name(),
                storageFacts(),
                facts.stateDirectory().toString(),
                facts.runDirectory().toString(),
                r.name(),
                r.reason(),
                r.version(),
                Map.of(r.name(), r.path().toString()),
                "",
                machine,
                cgroups,
                securityOptions(r),
                List.of("json-file", "local", "none"),
                MachineFacts.openFiles(),
                Thread.activeCount(),
                events.listeners(),
                warnings(r, machine, cgroups));
    }

    private Counts counts() {
        int running = 0;
        int paused = 0;
        int stopped = 0;
        for (Container c : containers.list(ContainerQuery.ALL)) {
            switch (c.state().status()) {
                case RUNNING -> running++;
                case PAUSED -> paused++;
                case CREATED, EXITED, REMOVING, DEAD -> stopped++;
            }
        }
        return new Counts(running + paused + stopped, running, paused, stopped);
    }

    private static List<String> securityOptions(RuntimeFacts r) {
        List<String> options = new ArrayList<>();
        if (r.seccomp()) {
            options.add("name=seccomp,profile=builtin");
        }
        if (r.cgroupVersion() == 2) {
            options.add("name=cgroupns");
        }
        return options;
    }

    private List<String> warnings(RuntimeFacts r, Machine machine, Cgroups cgroups) {
        List<String> warnings = new ArrayList<>(r.warnings());
        warnings.addAll(networks.warnings());
        warn(warnings, cgroups.memory(), "No memory limit support");
        warn(warnings, cgroups.swap(), "No swap limit support");
        warn(warnings, cgroups.cpuQuota(), "No cpu cfs quota support");
        warn(warnings, cgroups.cpuShares(), "No cpu shares support");
        warn(warnings, cgroups.cpuset(), "No cpuset support");
        warn(warnings, cgroups.pids(), "No pids limit support");
        warn(warnings, machine.ipv4Forwarding(), "IPv4 forwarding is disabled");
        return warnings;
    }

    private static void warn(List<String> warnings, boolean fine, String text) {
        if (!fine) {
            warnings.add("WARNING: " + text);
        }
    }

    @Override
    public Versions versions() {
        RuntimeFacts r = runtime.facts();
        Platform platform = Platform.host();
        return new Versions(
                facts.version(),
                facts.commit(),
                facts.buildTime(),
                platform.os(),
                platform.architecture(),
                MachineFacts.machine().kernel(),
                System.getProperty("java.version", ""),
                List.of(
                        new Versions.Component(r.name(), r.version(), Map.of("Reason", r.reason())),
                        new Versions.Component(r.monitor().getFileName().toString(), r.monitorVersion(), Map.of())));
    }

    @Override
    public List<ContainerUsage> containersUsage() {
        List<ContainerUsage> used = new ArrayList<>();
        for (Container c : containers.list(ContainerQuery.ALL)) {
            try {
                Sizes sizes = files.sizes(c.id());
                used.add(new ContainerUsage(c, sizes.writable(), sizes.total()));
            } catch (FornoException e) {
                if (e.kind() != ErrorKind.NOT_FOUND) {
                    throw e;
                } // removed meanwhile
            }
        }
        return used;
    }

    @Override
    public List<Volumes.Usage> volumesUsage() {
        return volumes.usage();
    }

    private List<List<String>> storageFacts() {
        List<List<String>> facts = new ArrayList<>();
        snapshotter.facts().forEach(fact -> facts.add(List.of(fact.name(), fact.value())));
        facts.add(List.of("Gzip", Gzip.description()));
        return facts;
    }
}
