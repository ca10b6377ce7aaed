package dev.forno.runtime.bundles;

import dev.forno.linux.mounts.Mount;
import dev.forno.linux.mounts.Mounts;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.RuntimeSpec;
import dev.forno.runtime.tasks.MountSpec;
import dev.forno.runtime.tasks.TaskSpec;
import dev.forno.runtime.tasks.TmpfsOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A task's mounts: the default ones, those of the user, and how the root's propagation must be for them. */
final class MountList {
    private static final Set<String> WRITABLE_ON_READ_ONLY_ROOT =
            Set.of("/proc", "/dev/pts", "/dev/shm", "/dev/mqueue", "/dev");

    private final List<RuntimeSpec.Mount> mounts = new ArrayList<>();
    private @Nullable String propagation;

    private MountList() {}

    static MountList of(TaskSpec task, boolean recursiveReadOnly) {
        MountList list = new MountList();
        Set<String> own = new HashSet<>();
        task.mounts().forEach(m -> own.add(m.destination()));
        boolean privileged = task.confinement().privileged();
        for (RuntimeSpec.Mount mount : defaults(task.shmSize(), privileged)) {
            boolean replaced = own.contains(mount.destination())
                    || (own.contains("/dev") && mount.destination().startsWith("/dev/"));
            if (!replaced) {
                list.mounts.add(
                        task.readOnlyRootfs() && !WRITABLE_ON_READ_ONLY_ROOT.contains(mount.destination())
                                ? readOnly(mount)
                                : mount);
            }
        }
        task.mounts().stream()
                .sorted(Comparator.comparingInt(
                        (MountSpec m) -> Path.of(m.destination()).getNameCount()))
                .forEach(m -> list.add(m, recursiveReadOnly));
        return list;
    }

    List<RuntimeSpec.Mount> mounts() {
        return mounts;
    }

    /** The root's propagation, or null where it doesn't matter. */
    @Nullable
    String propagation() {
        return propagation;
    }

    private static List<RuntimeSpec.Mount> defaults(long shmSize, boolean privileged) {
        List<String> sys =
                privileged ? List.of("nosuid", "noexec", "nodev") : List.of("nosuid", "noexec", "nodev", "ro");
        List<String> cgroup =
                privileged ? List.of("nosuid", "noexec", "nodev") : List.of("ro", "nosuid", "noexec", "nodev");
        return List.of(
                mount("/proc", "proc", "proc", List.of("nosuid", "noexec", "nodev")),
                mount("/dev", "tmpfs", "tmpfs", List.of("nosuid", "strictatime", "mode=755", "size=65536k")),
                mount(
                        "/dev/pts",
                        "devpts",
                        "devpts",
                        List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5")),
                mount("/sys", "sysfs", "sysfs", sys),
                mount("/sys/fs/cgroup", "cgroup", "cgroup", cgroup),
                mount("/dev/mqueue", "mqueue", "mqueue", List.of("nosuid", "noexec", "nodev")),
                mount(
                        "/dev/shm",
                        "tmpfs",
                        "shm",
                        List.of("nosuid", "noexec", "nodev", "mode=1777", "size=" + shmSize)));
    }

    private void add(MountSpec spec, boolean recursiveReadOnly) {
        switch (spec) {
            case MountSpec.Tmpfs tmpfs ->
                mounts.add(mount(tmpfs.destination(), "tmpfs", "tmpfs", TmpfsOptions.merge(tmpfs.options())));
            case MountSpec.Bind bind -> {
                List<String> options = new ArrayList<>();
                options.add(bind.recursive() ? "rbind" : "bind");
                if (bind.readOnly()) {
                    options.add(bind.recursive() && recursiveReadOnly ? "rro" : "ro");
                }
                options.add(bind.propagation());
                propagate(bind);
                mounts.add(mount(bind.destination(), "bind", bind.source().toString(), options));
            }
        }
    }

    private void propagate(MountSpec.Bind bind) {
        switch (bind.propagation()) {
            case "private", "rprivate" -> {}
            case "shared", "rshared" -> {
                requireOrigin(bind.source(), "shared:", "it is not a shared mount", null);
                propagation = "shared";
            }
            case "slave", "rslave" -> {
                requireOrigin(bind.source(), "shared:", "it is not a shared or slave mount", "master:");
                if (propagation == null) {
                    propagation = "rslave";
                }
            }
            default ->
                throw new FornoException(ErrorKind.INVALID_ARGUMENT, "invalid propagation mode: " + bind.propagation());
        }
    }

    private static void requireOrigin(Path source, String option, String otherwise, @Nullable String alternative) {
        try {
            Path real = source.toRealPath();
            Mount mount = Mounts.table().stream()
                    .filter(m -> real.startsWith(m.target()))
                    // later lines lie over earlier ones at the same place
                    .reduce((a, b) -> b.target().getNameCount() >= a.target().getNameCount() ? b : a)
                    .orElseThrow(() -> new IOException("it is on no mount"));
            boolean fits = mount.propagation().stream()
                    .anyMatch(p -> p.startsWith(option) || (alternative != null && p.startsWith(alternative)));
            if (!fits) {
                throw new FornoException(
                        ErrorKind.INVALID_ARGUMENT,
                        "path " + source + " is mounted on " + mount.target() + " but " + otherwise);
            }
        } catch (IOException e) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT, "mount " + source + ": find its mount: " + e.getMessage(), e);
        }
    }

    private static RuntimeSpec.Mount readOnly(RuntimeSpec.Mount mount) {
        List<String> options = mount.options() == null ? new ArrayList<>() : new ArrayList<>(mount.options());
        if (!options.contains("ro")) {
            options.add("ro");
        }
        return new RuntimeSpec.Mount(mount.destination(), mount.type(), mount.source(), options);
    }

    private static RuntimeSpec.Mount mount(String destination, String type, String source, List<String> options) {
        return new RuntimeSpec.Mount(destination, type, source, options);
    }
}
