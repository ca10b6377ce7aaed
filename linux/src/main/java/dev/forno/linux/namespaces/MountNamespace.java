package dev.forno.linux.namespaces;

import static dev.forno.linux.calls.SyscallNumber.FCHDIR;
import static dev.forno.linux.calls.SyscallNumber.PIVOT_ROOT;
import static dev.forno.linux.calls.SyscallNumber.UMOUNT2;
import static dev.forno.linux.calls.SyscallNumber.UNSHARE;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.calls.Syscall;
import dev.forno.linux.files.Fd;
import dev.forno.linux.files.Flags;
import dev.forno.linux.files.Root;
import dev.forno.linux.mounts.MountFlags;
import dev.forno.linux.mounts.Mounts;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system with others mounted in it that nobody else sees, reached through its root from any thread. No process is in
 * the namespace: a descriptor keeps it, so that nothing is left when this process ends, however it ends. Thread-safe; closed
 * by its owner, once nobody uses the root any more.
 */
public final class MountNamespace implements AutoCloseable {
    private static final int CLONE_NEWNS = 0x20000;
    private static final Path OWN = Path.of("/proc/thread-self/ns/mnt");

    private final Fd namespace;
    private final Root root;

    private MountNamespace(Fd namespace, Root root) {
        this.namespace = namespace;
        this.root = root;
    }

    /**
     * What is mounted.
     *
     * @param source a directory or file of the host, with the mounts below it if {@code recursive}
     * @param target where, as a path inside; made when it is missing
     * @param readOnly whether {@code source} itself can't be written there
     */
    public record Bind(Path source, String target, boolean readOnly, boolean recursive) {}

    /**
     * Mounts in a namespace of its own.
     *
     * @param mountPoint where the file system is mounted; it becomes the root of all paths
     * @param binds in their order: what is mounted in another one comes after it
     * @throws ErrnoException the first failure, after which nothing is left but mount points that were made
     */
    public static MountNamespace of(Path mountPoint, List<Bind> binds) throws IOException {
        return NamespaceThread.run(() -> {
            Syscall.check(Syscall.raw(UNSHARE, CLONE_NEWNS, 0, 0), () -> "unshare(CLONE_NEWNS)");
            Mounts.mount("none", Path.of("/"), "", MountFlags.MS_REC | MountFlags.MS_PRIVATE, "");
            MountNamespace made = open(mountPoint);
            try {
                for (Bind bind : binds) {
                    made.add(bind);
                }
                made.leaveOthers();
                return made;
            } catch (IOException | RuntimeException e) {
                made.close();
                throw e;
            }
        });
    }

    private static MountNamespace open(Path mountPoint) throws ErrnoException {
        Root root = Root.open(mountPoint);
        try {
            return new MountNamespace(Fd.open(OWN, Flags.O_RDONLY, 0), root);
        } catch (ErrnoException e) {
            root.close();
            throw e;
        }
    }

    private void add(Bind bind) throws IOException {
        try (Fd target = target(bind)) {
            Mounts.bind(bind.source(), target.path(), bind.recursive());
        }
        if (bind.readOnly()) {
            try (Fd mounted = root.open(bind.target(), Flags.O_PATH, 0)) {
                long flags = MountFlags.MS_REMOUNT | MountFlags.MS_BIND | MountFlags.MS_RDONLY;
                Mounts.mount("none", mounted.path(), "", flags, "");
            }
        }
    }

    private Fd target(Bind bind) throws ErrnoException {
        try {
            return root.open(bind.target(), Flags.O_PATH, 0);
        } catch (ErrnoException e) {
            if (e.errno() != ErrnoException.ENOENT) {
                throw e;
            }
        }
        if (Files.isDirectory(bind.source())) {
            root.mkdirAll(bind.target(), 0755);
        } else {
            int slash = bind.target().lastIndexOf('/');
            root.mkdirAll(bind.target().substring(0, slash + 1), 0755);
            root.mknod(bind.target(), Flags.S_IFREG | 0644, 0, 0);
        }
        return root.open(bind.target(), Flags.O_PATH, 0);
    }

    /** Leaves the copies of all other mounts of the host, which would keep what is unmounted there from being free. */
    private void leaveOthers() throws ErrnoException {
        Syscall.check(
                Syscall.raw(FCHDIR, root.top().fd().number(), 0, 0),
                () -> "fchdir(" + root.top().fd() + ")");
        try (Arena arena = Arena.ofConfined()) {
            long here = Syscall.text(arena, ".").address();
            long pivoted = Syscall.raw(PIVOT_ROOT, here, here, 0);
            if (pivoted == -ErrnoException.EINVAL) {
                // The host's root is the kernel's initial one, which stays: the copies then end with the namespace.
                return;
            }
            Syscall.check(pivoted, () -> "pivot_root(\".\", \".\")");
            Syscall.check(Syscall.raw(UMOUNT2, here, MountFlags.MNT_DETACH, 0), () -> "umount2(\".\", MNT_DETACH)");
        }
    }

    /** The root of the file system; closed with the namespace. */
    public Root root() {
        return root;
    }

    /** Unmounts all of it, as far as no file of it is open. Idempotent. */
    @Override
    public void close() throws ErrnoException {
        try (namespace) {
            root.close();
        }
    }
}
