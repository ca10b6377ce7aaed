package dev.forno.engine.containers;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.Root;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.Task;
import dev.forno.store.failures.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;

/**
 * Opens containers' files as roots. A running container's are those that its process sees, with all mounts; a stopped
 * one's are its file system, mounted while somebody looks, and its volumes where a path leads into one.
 */
final class FileAccess {
    private final Parts parts;

    FileAccess(Parts parts) {
        this.parts = parts;
    }

    /**
     * An open root; close it.
     *
     * @param root everything is resolved inside of it
     * @param path what was asked for, as seen from that root
     * @param mount the volume or bind mount that the root is, if it is one
     */
    record View(Root root, String path, Optional<MountPoint> mount, Runnable onClose) implements AutoCloseable {
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
            if (task != null) {
                return opened(Path.of("/proc/" + task.pid() + "/root"), path, Optional.empty(), () -> {});
            }
            Optional<MountPoint> mount = mountOf(entry.value(), Paths.clean(path));
            if (mount.isPresent()) {
                String below =
                        Paths.clean(path).substring(mount.get().destination().length());
                String trailing = path.endsWith("/") || path.endsWith("/.") ? "/" : "";
                return openedMount(mount.get(), "/" + below + trailing);
            }
            return mounted(entry, path);
        });
    }

    /** Opens the file system itself, without what is mounted in it. */
    View openFileSystem(ContainerEntry entry) {
        return entry.lockedGet(() -> mounted(entry, "/"));
    }

    private static View openedMount(MountPoint mount, String path) {
        Path source = Path.of(mount.source());
        if (Files.isDirectory(source)) {
            return opened(source, path, Optional.of(mount), () -> {});
        }
        try {
            Path file = source.toRealPath(); // as the kernel mounts it
            Path parent = Objects.requireNonNull(file.getParent());
            return opened(parent, "/" + file.getFileName() + path.substring(1), Optional.of(mount), () -> {});
        } catch (NoSuchFileException e) {
            throw new FornoException(ErrorKind.NOT_FOUND, "bind source path does not exist: " + source, e);
        } catch (IOException e) {
            throw Failures.of("open container's files", e);
        }
    }

    private View mounted(ContainerEntry entry, String path) {
        entry.readers++;
        try {
            Path rootfs = parts.snapshot(entry.id()).mount();
            return opened(rootfs, path, Optional.empty(), () -> release(entry));
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

    private static View opened(Path directory, String path, Optional<MountPoint> mount, Runnable onClose) {
        try {
            return new View(Root.open(directory), path, mount, onClose);
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

    static FornoException failed(String what, ErrnoException e) {
        return Failures.of(what + " container's files", e);
    }
}
