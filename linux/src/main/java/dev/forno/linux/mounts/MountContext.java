package dev.forno.linux.mounts;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.calls.Syscall;
import dev.forno.linux.calls.SyscallNumber;
import dev.forno.linux.files.Fd;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** A mount in the making (fsopen(2), fsconfig(2), fsmount(2)): its options are given one by one, so none is too long. */
final class MountContext implements AutoCloseable {
    static final int MOUNT_ATTR_RDONLY = 1;
    static final int MOUNT_ATTR_NODEV = 4;

    private static final int FSOPEN_CLOEXEC = 1;
    private static final int FSCONFIG_SET_FLAG = 0;
    private static final int FSCONFIG_SET_STRING = 1;
    private static final int FSCONFIG_CMD_CREATE = 6;
    private static final int FSMOUNT_CLOEXEC = 1;
    private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;

    private final String type;
    private final Fd fd;

    private MountContext(String type, Fd fd) {
        this.type = type;
        this.fd = fd;
    }

    /** Begins a mount of a file system type; empty when this kernel lacks the calls. */
    static Optional<MountContext> open(String type) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            long opened =
                    Syscall.raw(SyscallNumber.FSOPEN, Syscall.text(arena, type).address(), FSOPEN_CLOEXEC, 0);
            if (opened == -ErrnoException.ENOSYS) {
                return Optional.empty();
            }
            int number = (int) Syscall.check(opened, () -> "fsopen(\"" + type + "\")");
            return Optional.of(new MountContext(type, new Fd(number)));
        }
    }

    /** Sets an option; its value has at most 255 bytes. */
    void set(String key, String value) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            long keyText = Syscall.text(arena, key).address();
            long valueText = Syscall.text(arena, value).address();
            configure(FSCONFIG_SET_STRING, keyText, valueText, key + "=" + value);
        }
    }

    /** Sets an option that has no value. */
    void set(String flag) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            configure(FSCONFIG_SET_FLAG, Syscall.text(arena, flag).address(), 0, flag);
        }
    }

    /** Makes the file system and mounts it at {@code target}; {@code attributes} are {@code MOUNT_ATTR_…}. */
    void mount(Path target, int attributes) throws ErrnoException {
        configure(FSCONFIG_CMD_CREATE, 0, 0, "create for \"" + target + "\"");
        long mounted = Syscall.raw(SyscallNumber.FSMOUNT, fd.number(), FSMOUNT_CLOEXEC, attributes);
        try (Fd mount = new Fd((int) Syscall.check(mounted, () -> "fsmount(" + type + ")" + reason()));
                Arena arena = Arena.ofConfined()) {
            long result = Syscall.raw(
                    SyscallNumber.MOVE_MOUNT,
                    mount.number(),
                    Syscall.text(arena, "").address(),
                    -100,
                    Syscall.text(arena, target.toString()).address(),
                    MOVE_MOUNT_F_EMPTY_PATH,
                    0);
            Syscall.check(result, () -> "move_mount(" + type + ", \"" + target + "\")");
        }
    }

    private void configure(int command, long key, long value, String shown) throws ErrnoException {
        long result = Syscall.raw(SyscallNumber.FSCONFIG, fd.number(), command, key, value, 0, 0);
        Syscall.check(result, () -> "fsconfig(" + type + ", " + shown + ")" + reason());
    }

    /** What the file system said about the failure, which tells more than the number. */
    private String reason() {
        byte[] message = new byte[1024];
        try {
            int n = fd.read(message, 0, message.length);
            return n <= 0 ? "" : ": " + new String(message, 0, n, StandardCharsets.UTF_8).strip();
        } catch (ErrnoException e) {
            return "";
        }
    }

    @Override
    public void close() throws ErrnoException {
        fd.close();
    }
}
