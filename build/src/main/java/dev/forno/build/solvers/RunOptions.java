package dev.forno.build.solvers;

import dev.forno.runtime.tasks.Confinement;
import dev.forno.runtime.tasks.ProcessSpec;
import dev.forno.runtime.tasks.Resources;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How RUN steps are run.
 *
 * @param network {@code bridge}, {@code none} or {@code host}
 * @param extraHosts further lines of /etc/hosts, {@code name:address}
 * @param shmSize bytes of /dev/shm
 * @param cgroupParent the cgroup above, or null
 */
public record RunOptions(
        String network,
        List<String> extraHosts,
        Resources resources,
        List<ProcessSpec.Rlimit> rlimits,
        long shmSize,
        @Nullable String cgroupParent,
        Confinement confinement) {}
