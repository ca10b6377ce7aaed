package dev.forno.runtime.tasks;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the runtime keeps its files and which programs it uses.
 *
 * @param runDirectory state that dies with the machine: bundles, sockets, exit files (as {@code /run/forno/runtime})
 * @param runtime the OCI runtime's name or path; empty to probe
 * @param monitor the monitor's name or path; empty for conmon on the PATH
 * @param cgroupParent the cgroup under which tasks live by default, as {@code /forno}
 */
public record RuntimeConfig(
        Path runDirectory, Optional<String> runtime, Optional<String> monitor, String cgroupParent) {
    /** The defaults: probing, cgroup {@code /forno}. */
    public static RuntimeConfig of(Path runDirectory) {
        return new RuntimeConfig(runDirectory, Optional.empty(), Optional.empty(), "/forno");
    }
}
