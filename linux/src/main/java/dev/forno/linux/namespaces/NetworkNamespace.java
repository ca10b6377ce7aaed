package dev.forno.linux.namespaces;

import static dev.forno.linux.calls.SyscallNumber.CLOSE;
import static dev.forno.linux.calls.SyscallNumber.MOUNT;
import static dev.forno.linux.calls.SyscallNumber.OPENAT;
import static dev.forno.linux.calls.SyscallNumber.SETNS;
import static dev.forno.linux.calls.SyscallNumber.STATFS;
import static dev.forno.linux.calls.SyscallNumber.UMOUNT2;
import static dev.forno.linux.calls.SyscallNumber.UNSHARE;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.calls.Syscall;
import dev.forno.linux.mounts.MountFlags;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Network namespaces bound to a file, as {@code ip netns} binds them: the mount keeps the namespace alive without a
 * process, and the runtime joins it by the file's path. Thread-safe: every method works on a thread of its own that ends
 * with it, because a thread that has changed namespace must not be used again.
 */
public final class NetworkNamespace {
    private static final int AT_FDCWD = -100;
    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final int CLONE_NEWNET = 0x40000000;
    private static final int MS_BIND = 0x1000;
    private static final int NSFS_MAGIC = 0x6e736673;
    private static final String OWN = "/proc/thread-self/ns/net";

    private NetworkNamespace() {}

    /** What is done inside a namespace. */
    @FunctionalInterface
    public interface Work<T> {
        /** Does it; what it throws reaches the caller. */
        T run() throws IOException;
    }

    /** What is done inside a new namespace. */
    @FunctionalInterface
    public interface Setup<T> {
        /**
         * Does it.
         *
         * @param namespace a descriptor of the namespace, open during the call
         */
        T run(int namespace) throws IOException;
    }

    /**
     * Creates a namespace, binds it to a new file and prepares it from inside. When that fails nothing is left.
     *
     * @param file must not exist; its directory must
     */
    public static <T> T create(Path file, Setup<T> setup) throws IOException {
        return NamespaceThread.run(() -> {
            Files.createFile(file);
            try {
                Syscall.check(Syscall.raw(UNSHARE, CLONE_NEWNET, 0, 0), () -> "unshare(CLONE_NEWNET)");
                bind(file);
                int namespace = open(OWN);
                try {
                    return setup.run(namespace);
                } finally {
                    Syscall.raw(CLOSE, namespace, 0, 0);
                }
            } catch (IOException | RuntimeException e) {
                try {
                    delete(file);
                } catch (IOException undo) {
                    e.addSuppressed(undo);
                }
                throw e;
            }
        });
    }

    /** Works inside a namespace that is bound to a file. */
    public static <T> T inside(Path file, Work<T> work) throws IOException {
        return NamespaceThread.run(() -> {
            int namespace = open(file.toString());
            try {
                Syscall.check(
                        Syscall.raw(SETNS, namespace, CLONE_NEWNET, 0), () -> "setns(\"" + file + "\", CLONE_NEWNET)");
            } finally {
                Syscall.raw(CLOSE, namespace, 0, 0);
            }
            return work.run();
        });
    }

    /** Whether a namespace is bound to the file; a file that was left without its mount is none. */
    public static boolean exists(Path file) {
        try (Arena arena = Arena.ofConfined()) {
            var statfs = arena.allocate(256);
            long result =
                    Syscall.raw(STATFS, Syscall.text(arena, file.toString()).address(), statfs.address(), 0);
            return result == 0 && statfs.get(java.lang.foreign.ValueLayout.JAVA_LONG, 0) == NSFS_MAGIC;
        }
    }

    /**
     * Unbinds the namespace and deletes the file; one that does not exist is ignored. The namespace itself goes when the
     * last process in it has ended.
     */
    public static void delete(Path file) throws IOException {
        while (exists(file)) {
            try (Arena arena = Arena.ofConfined()) {
                long path = Syscall.text(arena, file.toString()).address();
                Syscall.check(
                        Syscall.raw(UMOUNT2, path, MountFlags.MNT_DETACH, 0),
                        () -> "umount2(\"" + file + "\", MNT_DETACH)");
            }
        }
        Files.deleteIfExists(file);
    }

    private static void bind(Path file) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            long source = Syscall.text(arena, OWN).address();
            long target = Syscall.text(arena, file.toString()).address();
            Syscall.check(
                    Syscall.raw(MOUNT, source, target, 0, MS_BIND, 0, 0),
                    () -> "mount(\"" + OWN + "\", \"" + file + "\", MS_BIND)");
        }
    }

    private static int open(String path) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            long text = Syscall.text(arena, path).address();
            return (int) Syscall.check(
                    Syscall.raw(OPENAT, AT_FDCWD, text, O_RDONLY_CLOEXEC, 0, 0, 0), () -> "open(\"" + path + "\")");
        }
    }
}
