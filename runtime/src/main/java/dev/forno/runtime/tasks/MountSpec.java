package dev.forno.runtime.tasks;

import java.nio.file.Path;
import java.util.List;

/** A mount in the container, besides the default ones. */
public sealed interface MountSpec {
    /** The absolute path in the container. */
    String destination();

    /**
     * A directory or file of the host.
     *
     * @param source an absolute path that exists
     * @param readOnly whether it is mounted read-only
     * @param propagation {@code rprivate}, {@code private}, {@code rshared}, {@code shared}, {@code rslave} or {@code slave}
     * @param recursive whether mounts below {@code source} come along
     */
    record Bind(Path source, String destination, boolean readOnly, String propagation, boolean recursive)
            implements MountSpec {
        /** A recursive private bind mount. */
        public static Bind of(Path source, String destination, boolean readOnly) {
            return new Bind(source, destination, readOnly, "rprivate", true);
        }
    }

    /**
     * A file system in memory.
     *
     * @param options mount options, as {@code size=64m} or {@code mode=1777}; Docker's defaults are added
     */
    record Tmpfs(String destination, List<String> options) implements MountSpec {}
}
