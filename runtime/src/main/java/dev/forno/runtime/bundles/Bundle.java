package dev.forno.runtime.bundles;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.cgroups.CgroupVersion;
import dev.forno.linux.files.Root;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.RuntimeSpec;
import dev.forno.runtime.confinement.Capabilities;
import dev.forno.runtime.confinement.SeccompProfile;
import dev.forno.runtime.confinement.Users;
import dev.forno.runtime.tasks.Confinement;
import dev.forno.runtime.tasks.Namespaces;
import dev.forno.runtime.tasks.ProcessSpec;
import dev.forno.runtime.tasks.TaskSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The OCI runtime's configuration for a task.
 *
 * @param spec the document
 * @param warnings what was degraded, in words for the user
 */
public record Bundle(RuntimeSpec spec, List<String> warnings) {
    private static final int MAX_ACCOUNTS_BYTES = 8 << 20;

    /**
     * Makes the configuration.
     *
     * @param cgroup the task's cgroup, as {@code /forno/id}
     * @throws FornoException {@link ErrorKind#INVALID_ARGUMENT} for what the task can't have
     */
    public static Bundle of(TaskSpec task, HostFacts host, String cgroup) {
        List<String> warnings = new ArrayList<>();
        Confinement confinement = task.confinement();
        List<RuntimeSpec.Mount> extra = new ArrayList<>();
        RuntimeSpec.ProcessConfig process = process(task, host, extra, warnings);
        MountList mounts = MountList.of(task, host.recursiveReadOnly());
        extra.addAll(0, mounts.mounts());
        DeviceNodes devices = DeviceNodes.of(confinement.privileged(), task.devices(), task.deviceRules());
        List<RuntimeSpec.Namespace> namespaces = namespaces(task.namespaces(), host.cgroups());
        boolean ownUts = !(task.namespaces().uts() instanceof Namespaces.Host);
        RuntimeSpec.Linux linux = new RuntimeSpec.Linux(
                namespaces,
                devices.nodes(),
                cgroup,
                Limits.of(task.resources(), devices.rules()),
                mounts.propagation(),
                seccomp(confinement, host, capabilities(confinement, host)).orElse(null),
                sysctls(task, host),
                paths(confinement, confinement.maskedPaths(), MaskedPaths.all()),
                paths(confinement, confinement.readonlyPaths(), MaskedPaths.READ_ONLY));
        RuntimeSpec spec = new RuntimeSpec(
                RuntimeSpec.VERSION,
                new RuntimeSpec.Root(task.rootfs().toString(), task.readOnlyRootfs()),
                process,
                ownUts ? task.hostname() : null,
                null,
                extra,
                linux,
                task.annotations());
        return new Bundle(spec, warnings);
    }

    private static RuntimeSpec.ProcessConfig process(
            TaskSpec task, HostFacts host, List<RuntimeSpec.Mount> extraMounts, List<String> warnings) {
        ProcessSpec process = task.process();
        if (process.args().isEmpty()) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "no command specified");
        }
        List<String> args = process.args();
        if (task.init() && task.namespaces().pid() instanceof Namespaces.Own) {
            args = new ArrayList<>(List.of(InitProgram.IN_CONTAINER, "--"));
            args.addAll(process.args());
            extraMounts.add(new RuntimeSpec.Mount(
                    InitProgram.IN_CONTAINER, "bind", InitProgram.find().toString(), List.of("bind", "ro")));
        }
        return new RuntimeSpec.ProcessConfig(
                process.terminal(),
                box(process.terminal(), process.terminalRows(), process.terminalColumns()),
                user(task.rootfs(), process.user(), process.additionalGroups()),
                args,
                Environment.of(task.hostname(), process.terminal(), process.env()),
                process.cwd().isEmpty() ? "/" : process.cwd(),
                sets(capabilities(task.confinement(), host)),
                Limits.rlimits(process, host, warnings),
                task.confinement().noNewPrivileges(),
                Limits.oomScoreAdjust(process, host, warnings));
    }

    /** The size of a new terminal; null leaves it to the kernel. */
    public static RuntimeSpec.@Nullable Box box(boolean terminal, int rows, int columns) {
        return terminal && rows > 0 && columns > 0 ? new RuntimeSpec.Box(rows, columns) : null;
    }

    /** The same capabilities in the sets that Docker fills. */
    public static RuntimeSpec.Capabilities sets(List<String> capabilities) {
        return new RuntimeSpec.Capabilities(capabilities, capabilities, capabilities, null, null);
    }

    /** Looks a user up in the files of a root file system, which can't lead out of it. */
    public static RuntimeSpec.User user(Path rootfs, String user, List<String> additionalGroups) {
        try (Root root = Root.open(rootfs)) {
            return new Users(read(root, "/etc/passwd"), read(root, "/etc/group")).resolve(user, additionalGroups);
        } catch (ErrnoException e) {
            throw new FornoException(ErrorKind.INTERNAL, "find user \"" + user + "\": " + e.getMessage(), e);
        }
    }

    private static String read(Root root, String path) throws ErrnoException {
        try {
            return new String(root.readAll(path, MAX_ACCOUNTS_BYTES), StandardCharsets.UTF_8);
        } catch (ErrnoException e) {
            if (e.errno() == ErrnoException.ENOENT || e.errno() == ErrnoException.ENOTDIR) {
                return "";
            }
            throw e;
        }
    }

    private static List<String> capabilities(Confinement confinement, HostFacts host) {
        return Capabilities.of(
                host.capabilities(), confinement.privileged(), confinement.capAdd(), confinement.capDrop());
    }

    private static List<RuntimeSpec.Namespace> namespaces(Namespaces chosen, CgroupVersion cgroups) {
        List<RuntimeSpec.Namespace> result = new ArrayList<>();
        result.add(new RuntimeSpec.Namespace("mount", null));
        namespace(result, "network", chosen.network());
        namespace(result, "uts", chosen.uts());
        namespace(result, "pid", chosen.pid());
        namespace(result, "ipc", chosen.ipc());
        if (!(chosen.cgroup() instanceof Namespaces.PlatformDefault) || cgroups == CgroupVersion.V2) {
            namespace(result, "cgroup", chosen.cgroup());
        }
        return result;
    }

    private static void namespace(List<RuntimeSpec.Namespace> result, String type, Namespaces.Choice choice) {
        switch (choice) {
            case Namespaces.Host host -> {}
            case Namespaces.Own own -> result.add(new RuntimeSpec.Namespace(type, null));
            case Namespaces.PlatformDefault own -> result.add(new RuntimeSpec.Namespace(type, null));
            case Namespaces.Existing existing ->
                result.add(new RuntimeSpec.Namespace(type, existing.path().toString()));
        }
    }

    private static Optional<RuntimeSpec.Seccomp> seccomp(
            Confinement confinement, HostFacts host, List<String> capabilities) {
        return switch (confinement.seccomp()) {
            case Confinement.Unconfined u -> Optional.empty();
            case Confinement.DefaultProfile d ->
                confinement.privileged()
                        ? Optional.empty()
                        : SeccompProfile.builtIn().evaluate(host.machine(), capabilities);
            case Confinement.CustomProfile custom ->
                SeccompProfile.parse(custom.json()).evaluate(host.machine(), capabilities);
            case Confinement.ProfileFile file ->
                SeccompProfile.parse(readProfile(file.path())).evaluate(host.machine(), capabilities);
        };
    }

    private static String readProfile(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT, "opening seccomp profile (" + path + ") failed: " + e.getMessage(), e);
        }
    }

    /** Defaults of the network go only into a network namespace that is this task's alone. */
    private static Map<String, String> sysctls(TaskSpec task, HostFacts host) {
        Map<String, String> result = new HashMap<>();
        boolean ownNetwork =
                switch (task.namespaces().network()) {
                    case Namespaces.Own own -> true;
                    case Namespaces.Existing existing -> !existing.path().startsWith("/proc");
                    case Namespaces.Host h -> false;
                    case Namespaces.PlatformDefault d -> false;
                };
        if (ownNetwork) {
            result.putAll(host.sysctls());
        }
        String domainname = task.domainname();
        if (domainname != null && !domainname.isEmpty() && !(task.namespaces().uts() instanceof Namespaces.Host)) {
            result.put("kernel.domainname", domainname);
        }
        result.putAll(task.sysctls());
        return result;
    }

    private static List<String> paths(Confinement confinement, @Nullable List<String> given, List<String> usual) {
        if (given != null) {
            return given;
        }
        return confinement.privileged() ? List.of() : usual;
    }
}
