package dev.forno.engine.containers;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.Root;
import dev.forno.linux.namespaces.MountNamespace;
import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.Task;
import dev.forno.store.failures.Failures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Opens containers' files as roots. A running container's are those that its process sees, with all mounts; a stopped
 * one's are its file system, mounted while somebody looks, with its volumes and bind mounts, which nobody else sees there.
 */
final class FileAccess {
    private final Parts parts;
    private final TaskSpecs specs;

    FileAccess(Parts parts) {
        this.parts = parts;
        this.specs = new TaskSpecs(parts.records(), parts.volumes());
    }

    /**
     * An open root; close it.
     *
     * @param root everything is resolved inside of it
     * @param path what was asked for, as seen from that root
     */
    record View(Root root, String path, Runnable onClose) implements AutoCloseable {
        @Override
        public void close() {
            try {
                root.close();
            } catch (ErrnoException e) {
                throw failed("close", e);
            } finally {
                onClose.run();
            }
        }
    }

    /** Opens the place of an absolute path. */
    View open(ContainerEntry entry, String path) {
        return entry.lockedGet(() -> {
            Task task = entry.task();
            return task == null
                    ? mounted(entry, path, binds(entry.value()))
                    : opened(Path.of("/proc/" + task.pid() + "/root"), path, () -> {});
        });
    }

    /** Opens the file system itself, without what is mounted in it. */
    View openFileSystem(ContainerEntry entry) {
        return entry.lockedGet(() -> mounted(entry, "/", List.of()));
    }

    /** What the container will see in its files; a tmpfs is new at each start. */
    private List<MountNamespace.Bind> binds(Container c) {
        c.mounts().forEach(ContainerStart::prepareSource);
        return specs.binds(c, parts.directory(c.id())).stream()
                .map(m -> new MountNamespace.Bind(m.source(), m.destination(), m.readOnly(), m.recursive()))
                .toList();
    }

    private View mounted(ContainerEntry entry, String path, List<MountNamespace.Bind> binds) {
        entry.readers++;
        try {
            Path rootfs = parts.snapshot(entry.id()).mount();
            if (binds.isEmpty()) {
                return opened(rootfs, path, () -> release(entry));
            }
            MountNamespace namespace = MountNamespace.of(rootfs, binds);
            return new View(namespace.root(), path, () -> {
                try {
                    namespace.close();
                } catch (ErrnoException e) {
                    throw failed("close", e);
                } finally {
                    release(entry);
                }
            });
        } catch (IOException e) {
            release(entry);
            throw failed("mount", e);
        } catch (RuntimeException e) {
            release(entry);
            throw e;
        }
    }

    private void release(ContainerEntry entry) {
        entry.locked(() -> {
            entry.readers--;
            if (entry.readers == 0 && entry.task() == null) {
                parts.snapshotter().snapshot(entry.id()).ifPresent(s -> s.unmount());
            }
        });
    }

    private static View opened(Path directory, String path, Runnable onClose) {
        try {
            return new View(Root.open(directory), path, onClose);
        } catch (ErrnoException e) {
            throw failed("open", e);
        }
    }

    /** The innermost volume or bind mount that a path lies in. */
    static Optional<MountPoint> mountOf(Container c, String clean) {
        return c.mounts().stream()
                .filter(m -> !m.type().equals("tmpfs") && Paths.isUnder(clean, m.destination()))
                .max(Comparator.comparingInt(m -> m.destination().length()));
    }

    static FornoException failed(String what, IOException e) {
        return Failures.of(what + " container's files", e);
    }
}
