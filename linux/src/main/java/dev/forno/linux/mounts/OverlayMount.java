package dev.forno.linux.mounts;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.calls.Syscall;
import dev.forno.linux.calls.SyscallNumber;
import dev.forno.linux.files.Fd;
import dev.forno.linux.files.Flags;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One overlay mount. The kernel takes the lower directories one by one since Linux 6.7 ({@code lowerdir+}); before, all
 * must fit into one page of options, so they are named by short descriptor paths.
 */
final class OverlayMount {
    private static final int FSCONFIG_SET_STRING = 1;
    private static final int FSCONFIG_CMD_CREATE = 6;
    private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;
    private static final int MAX_STRING = 255;

    /** Features that would put foreign marks into the upper directory, which then wouldn't read as plain changes. */
    private static final List<String> OFF = List.of("index", "redirect_dir", "metacopy");

    private final List<Path> lowers;
    private final Path upper;
    private final Path work;
    private final List<Fd> open = new ArrayList<>();

    OverlayMount(List<Path> lowers, Path upper, Path work) {
        this.lowers = lowers;
        this.upper = upper;
        this.work = work;
    }

    void at(Path target) throws ErrnoException {
        try {
            if (!atByContext(target)) {
                atByOptions(target);
            }
        } finally {
            for (Fd fd : open) {
                fd.close();
            }
        }
    }

    /** Returns false when this kernel lacks the calls or the option. */
    private boolean atByContext(Path target) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            long opened = Syscall.raw(
                    SyscallNumber.FSOPEN, Syscall.text(arena, "overlay").address(), 1, 0);
            if (opened == -ErrnoException.ENOSYS) {
                return false;
            }
            try (Fd context = new Fd((int) Syscall.check(opened, () -> "fsopen(\"overlay\")"))) {
                if (!setLower(arena, context, lowers.getFirst())) {
                    return false;
                }
                for (Path lower : lowers.subList(1, lowers.size())) {
                    setString(arena, context, "lowerdir+", name(lower));
                }
                setString(arena, context, "upperdir", name(upper));
                setString(arena, context, "workdir", name(work));
                for (String feature : OFF) {
                    setString(arena, context, feature, "off");
                }
                setString(arena, context, "source", "overlay");
                configure(context, FSCONFIG_CMD_CREATE, 0, 0, "create for \"" + target + "\"");
                attach(arena, context, target);
            }
            return true;
        }
    }

    private boolean setLower(Arena arena, Fd context, Path lower) throws ErrnoException {
        try {
            setString(arena, context, "lowerdir+", name(lower));
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == ErrnoException.EINVAL) {
                return false;
            }
            throw e;
        }
    }

    private static void setString(Arena arena, Fd context, String key, String value) throws ErrnoException {
        long keyText = Syscall.text(arena, key).address();
        long valueText = Syscall.text(arena, value).address();
        configure(context, FSCONFIG_SET_STRING, keyText, valueText, key + "=" + value);
    }

    private static void configure(Fd context, int command, long key, long value, String shown) throws ErrnoException {
        long result = Syscall.raw(SyscallNumber.FSCONFIG, context.number(), command, key, value, 0, 0);
        Syscall.check(result, () -> "fsconfig(overlay, " + shown + ")" + reason(context));
    }

    /** What the file system said about the failure, which tells more than the number. */
    private static String reason(Fd context) {
        byte[] message = new byte[1024];
        try {
            int n = context.read(message, 0, message.length);
            return n <= 0 ? "" : ": " + new String(message, 0, n, StandardCharsets.UTF_8).strip();
        } catch (ErrnoException e) {
            return "";
        }
    }

    private static void attach(Arena arena, Fd context, Path target) throws ErrnoException {
        long mounted = Syscall.raw(SyscallNumber.FSMOUNT, context.number(), 1, 0);
        try (Fd mount = new Fd((int) Syscall.check(mounted, () -> "fsmount(overlay)"))) {
            long result = Syscall.raw(
                    SyscallNumber.MOVE_MOUNT,
                    mount.number(),
                    Syscall.text(arena, "").address(),
                    -100,
                    Syscall.text(arena, target.toString()).address(),
                    MOVE_MOUNT_F_EMPTY_PATH,
                    0);
            Syscall.check(result, () -> "move_mount(overlay, \"" + target + "\")");
        }
    }

    private void atByOptions(Path target) throws ErrnoException {
        List<String> names = new ArrayList<>();
        for (Path lower : lowers) {
            names.add(descriptorName(lower));
        }
        Mounts.mount(
                "overlay",
                target,
                "overlay",
                0,
                names.stream().collect(Collectors.joining(":", "lowerdir=", ""))
                        + ",upperdir="
                        + descriptorName(upper)
                        + ",workdir="
                        + descriptorName(work)
                        + OFF.stream().map(feature -> "," + feature + "=off").collect(Collectors.joining()));
    }

    /** The path itself when the kernel takes it as it is, since it is what the mount table will show. */
    private String name(Path directory) throws ErrnoException {
        String text = directory.toString();
        boolean plain = text.chars().noneMatch(c -> c == '\\' || c == ':' || c == ',');
        return plain && text.getBytes(StandardCharsets.UTF_8).length <= MAX_STRING ? text : descriptorName(directory);
    }

    private String descriptorName(Path directory) throws ErrnoException {
        Fd fd = Fd.open(directory, Flags.O_PATH | Flags.O_DIRECTORY, 0);
        open.add(fd);
        return fd.path().toString();
    }
}
