package dev.forno.engine.containers;

import dev.forno.engine.volumes.LocalVolumes;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.Confinement;
import dev.forno.runtime.tasks.DeviceSpec;
import dev.forno.runtime.tasks.MountSpec;
import dev.forno.runtime.tasks.Namespaces;
import dev.forno.runtime.tasks.ProcessSpec;
import dev.forno.runtime.tasks.TaskSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Translates a container into the task that the runtime runs. */
final class TaskSpecs {
    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final ContainerRecords records;
    private final LocalVolumes volumes;

    TaskSpecs(ContainerRecords records, LocalVolumes volumes) {
        this.records = records;
        this.volumes = volumes;
    }

    /**
     * The task.
     *
     * @param files whose network files are mounted: the container's own, or those of the one whose network it joins
     * @param network where the task's network namespace comes from
     */
    TaskSpec of(Container c, Path rootfs, ContainerDirectory files, Namespaces.Choice network, ContainerDirectory own) {
        HostOptions host = c.host();
        HostOptions.SecurityOptions security = host.security();
        SecurityChoices choices = SecurityChoices.of(security);
        return new TaskSpec(
                c.id(),
                rootfs,
                security.readonlyRootfs(),
                process(c),
                c.config().hostname(),
                c.config().domainname().isEmpty() ? null : c.config().domainname(),
                mounts(c, files),
                devices(host.resources()),
                host.resources().deviceCgroupRules(),
                namespaces(host.namespaces(), network),
                ResourceLimits.of(host.resources()),
                new Confinement(
                        security.privileged(),
                        security.capAdd(),
                        security.capDrop(),
                        choices.noNewPrivileges(),
                        choices.seccomp(),
                        security.maskedPaths(),
                        security.readonlyPaths()),
                host.sysctls(),
                host.shmSize() == 0 ? TaskSpec.DEFAULT_SHM_SIZE : host.shmSize(),
                Boolean.TRUE.equals(host.init()),
                LogChoice.of(host.log()).logging(own.log()),
                host.resources().cgroupParent().isEmpty()
                        ? null
                        : host.resources().cgroupParent(),
                host.annotations());
    }

    static ProcessSpec process(Container c) {
        ContainerConfig config = c.config();
        List<String> args = new ArrayList<>();
        args.add(c.path());
        args.addAll(c.args());
        ConsoleSize console = ConsoleSize.of(c.host().consoleSize());
        return new ProcessSpec(
                args,
                environment(config),
                config.workingDir().isEmpty() ? "/" : config.workingDir(),
                config.user(),
                c.host().security().groupAdd(),
                config.stdio().tty(),
                console.rows(),
                console.columns(),
                config.stdio().openStdin(),
                config.stdio().stdinOnce(),
                c.host().resources().ulimits().stream()
                        .map(u -> new ProcessSpec.Rlimit(u.name(), u.soft(), u.hard()))
                        .toList(),
                c.host().resources().oomScoreAdj());
    }

    /** What every process gets, over it the container's own variables. */
    static List<String> environment(ContainerConfig config) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("PATH", "PATH=" + DEFAULT_PATH);
        variables.put("HOSTNAME", "HOSTNAME=" + config.hostname());
        if (config.stdio().tty()) {
            variables.put("TERM", "TERM=xterm");
        }
        config.env().forEach(e -> variables.put(e.substring(0, e.indexOf('=')), e));
        return List.copyOf(variables.values());
    }

    private List<MountSpec> mounts(Container c, ContainerDirectory files) {
        Map<String, MountSpec> mounts = new LinkedHashMap<>();
        add(mounts, MountSpec.Bind.of(files.resolvConf(), "/etc/resolv.conf", false));
        add(mounts, MountSpec.Bind.of(files.hostname(), "/etc/hostname", false));
        add(mounts, MountSpec.Bind.of(files.hosts(), "/etc/hosts", false));
        c.host().storage().tmpfs().forEach((path, options) -> add(mounts, tmpfs(Paths.clean(path), options)));
        c.mounts().forEach(m -> add(mounts, mount(m)));
        // a parent is mounted before what lies below it
        return mounts.values().stream()
                .sorted(Comparator.comparingLong(
                        m -> m.destination().chars().filter(ch -> ch == '/').count()))
                .toList();
    }

    /** What a container's files are not whole without: not a tmpfs, nor network files before the first start. */
    List<MountSpec.Bind> binds(Container c, ContainerDirectory own) {
        return mounts(c, own).stream()
                .flatMap(m -> m instanceof MountSpec.Bind bind ? Stream.of(bind) : Stream.empty())
                .filter(m -> !m.source().startsWith(own.path()) || Files.exists(m.source()))
                .toList();
    }

    private static void add(Map<String, MountSpec> mounts, MountSpec mount) {
        mounts.put(mount.destination(), mount);
    }

    private MountSpec mount(MountPoint m) {
        return switch (m.type()) {
            case "tmpfs" -> tmpfs(m.destination(), m.tmpfsOptions());
            case "volume" ->
                MountSpec.Bind.of(LocalVolumes.source(volumes.get(m.name())), m.destination(), !m.writable());
            default ->
                new MountSpec.Bind(
                        Path.of(m.source()), m.destination(), !m.writable(), m.propagation(), !m.nonRecursive());
        };
    }

    private static MountSpec tmpfs(String destination, String options) {
        return new MountSpec.Tmpfs(destination, options.isEmpty() ? List.of() : List.of(options.split(",", -1)));
    }

    private static List<DeviceSpec> devices(Resources resources) {
        return resources.devices().stream()
                .map(d -> new DeviceSpec(
                        Path.of(d.pathOnHost()),
                        d.pathInContainer().isEmpty() ? d.pathOnHost() : d.pathInContainer(),
                        d.permissions().isEmpty() ? "rwm" : d.permissions()))
                .toList();
    }

    private Namespaces namespaces(HostOptions.NamespaceOptions asked, Namespaces.Choice network) {
        return new Namespaces(
                network,
                pid(asked.pid()),
                asked.ipc().equals("host") ? new Namespaces.Host() : new Namespaces.Own(),
                asked.uts().equals("host") ? new Namespaces.Host() : new Namespaces.Own(),
                switch (asked.cgroup()) {
                    case "host" -> new Namespaces.Host();
                    case "private" -> new Namespaces.Own();
                    default -> new Namespaces.PlatformDefault();
                });
    }

    private Namespaces.Choice pid(String mode) {
        if (mode.equals("host")) {
            return new Namespaces.Host();
        }
        return mode.startsWith("container:")
                ? joined(mode.substring("container:".length()), "pid")
                : new Namespaces.Own();
    }

    /** A namespace of another container, which has to run. */
    Namespaces.Existing joined(String ref, String namespace) {
        Container other = records.find(ref).value();
        if (!other.state().status().hasTask()) {
            throw new FornoException(
                    ErrorKind.CONFLICT,
                    "cannot join " + namespace + " namespace of a non running container: container " + other.id()
                            + " is " + other.state().status().word());
        }
        return new Namespaces.Existing(Path.of("/proc/" + other.state().pid() + "/ns/" + namespace));
    }
}
