package dev.forno.engine.system;

import dev.forno.engine.containers.Container;
import dev.forno.engine.volumes.Volumes;
import java.util.List;

/** The engine and its machine. Thread-safe. */
public interface SystemService {
    /** Everything that {@code info} shows. */
    EngineDescription describe();

    /** Versions of the engine and of what it uses. */
    Versions versions();

    /** What each container's own layer holds, and its whole root file system. */
    List<ContainerUsage> containersUsage();

    /** What each volume holds. */
    List<Volumes.Usage> volumesUsage();

    /** One container's own layer and its whole root file system, in bytes. */
    record ContainerUsage(Container container, long writable, long total) {}
}
