package dev.forno.linux.mounts;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.calls.Syscall;
import dev.forno.linux.calls.SyscallNumber;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Mounts of this process's mount namespace. Thread-safe. */
public final class Mounts {
    private static final int UMOUNT_NOFOLLOW = 8;
    private static final Path TABLE = Path.of("/proc/self/mountinfo");

    private Mounts() {}

    /** mount(2) as it is; see {@link MountFlags}. */
    public static void mount(String source, Path target, String type, long flags, String data) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            long result = Syscall.raw(
                    SyscallNumber.MOUNT,
                    Syscall.text(arena, source).address(),
                    Syscall.text(arena, target.toString()).address(),
                    Syscall.text(arena, type).address(),
                    flags,
                    Syscall.text(arena, data).address(),
                    0);
            Syscall.check(
                    result,
                    () -> "mount(\"" + source + "\", \"" + target + "\", \"" + type + "\", " + flags + ", \"" + data
                            + "\")");
        }
    }

    /** Makes {@code source} visible at {@code target} as well, with the mounts in it if {@code recursive}. */
    public static void bind(Path source, Path target, boolean recursive) throws ErrnoException {
        mount(source.toString(), target, "none", MountFlags.MS_BIND | (recursive ? MountFlags.MS_REC : 0), "");
    }

    /**
     * Mounts an overlay file system.
     *
     * @param lowers the read-only directories, uppermost first; at least one and at most {@link #maxOverlayLowers}
     * @param upper the directory that takes the changes
     * @param work an empty directory on the same file system as {@code upper}
     */
    public static void overlay(List<Path> lowers, Path upper, Path work, Path target) throws ErrnoException {
        new OverlayMount(lowers, upper, work).at(target);
    }

    /** The most lower directories that an overlay of this kernel takes. */
    public static int maxOverlayLowers() throws ErrnoException {
        return OverlayMount.maxLowers();
    }

    /**
     * Removes the uppermost mount of {@code target}; processes that use it keep it until they end. Tells whether there
     * was one.
     */
    public static boolean unmount(Path target) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            long path = Syscall.text(arena, target.toString()).address();
            long result = Syscall.raw(SyscallNumber.UMOUNT2, path, MountFlags.MNT_DETACH | UMOUNT_NOFOLLOW, 0);
            if (result == -ErrnoException.EINVAL || result == -ErrnoException.ENOENT) {
                return false;
            }
            Syscall.check(result, () -> "umount2(\"" + target + "\", MNT_DETACH)");
            return true;
        }
    }

    /** All mounts, in the order in which they were made. */
    public static List<Mount> table() throws IOException {
        return Files.readAllLines(TABLE, StandardCharsets.ISO_8859_1).stream()
                .map(line -> new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                .map(Mount::parse)
                .toList();
    }

    /** The uppermost mount at exactly this path. */
    public static Optional<Mount> at(Path target) throws IOException {
        Path absolute = target.toRealPath();
        return table().stream().filter(m -> m.target().equals(absolute)).reduce((a, b) -> b);
    }
}
