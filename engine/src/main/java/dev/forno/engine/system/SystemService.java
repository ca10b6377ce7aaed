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

    /** What containers and volumes hold on disk; images and build cache are asked of their own services. */
    DiskUsage diskUsage();

    /**
     * Bytes on disk.
     *
     * @param containers with the size of each one's own layer
     */
    record DiskUsage(List<ContainerUsage> containers, List<Volumes.Usage> volumes) {}

    /** One container's own layer and its whole root file system, in bytes. */
    record ContainerUsage(Container container, long writable, long total) {}
}
