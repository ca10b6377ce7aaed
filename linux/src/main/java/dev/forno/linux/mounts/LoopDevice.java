package dev.forno.linux.mounts;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.calls.Syscall;
import dev.forno.linux.calls.SyscallNumber;
import dev.forno.linux.files.Fd;
import dev.forno.linux.files.Flags;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * A read-only block device over a file (loop(4)). It is freed by the kernel as soon as nobody has it open and nothing is
 * mounted from it, so it can't be left behind; keep this object open until the mount is made.
 */
final class LoopDevice implements AutoCloseable {
    private static final int LOOP_CTL_GET_FREE = 0x4C82;
    private static final int LOOP_CONFIGURE = 0x4C0A;
    private static final int LO_FLAGS_READ_ONLY = 1;
    private static final int LO_FLAGS_AUTOCLEAR = 4;
    private static final int LO_FLAGS_DIRECT_IO = 16;

    /** struct loop_config: fd, block size, struct loop_info64 (232 bytes), 64 reserved bytes. */
    private static final int CONFIG_SIZE = 4 + 4 + 232 + 64;

    private static final int CONFIG_FLAGS = 8 + 52;
    private static final int MAX_RACES = 64;

    private final Path path;
    private final Fd fd;

    private LoopDevice(Path path, Fd fd) {
        this.path = path;
        this.fd = fd;
    }

    /** Takes a free device for {@code file}. */
    static LoopDevice attach(Path file, ErofsMount.Caching caching) throws ErrnoException {
        try (Fd backing = Fd.open(file, Flags.O_RDONLY, 0);
                Fd control = Fd.open(Path.of("/dev/loop-control"), Flags.O_RDWR, 0)) {
            for (int i = 0; i < MAX_RACES; i++) {
                long free = Syscall.raw(SyscallNumber.IOCTL, control.number(), LOOP_CTL_GET_FREE, 0);
                long number = Syscall.check(free, () -> "ioctl(loop-control, LOOP_CTL_GET_FREE)");
                Path path = Path.of("/dev/loop" + number);
                Fd device = Fd.open(path, Flags.O_RDONLY, 0);
                if (configure(device, backing, path, caching)) {
                    return new LoopDevice(path, device);
                }
                device.close(); // another process was quicker
            }
        }
        throw new ErrnoException("attach a loop device to \"" + file + "\"", ErrnoException.EBUSY);
    }

    private static boolean configure(Fd device, Fd backing, Path path, ErofsMount.Caching caching)
            throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment config = arena.allocate(CONFIG_SIZE, 8);
            config.set(ValueLayout.JAVA_INT, 0, backing.number());
            int direct = caching == ErofsMount.Caching.DIRECT ? LO_FLAGS_DIRECT_IO : 0;
            config.set(ValueLayout.JAVA_INT, CONFIG_FLAGS, LO_FLAGS_READ_ONLY | LO_FLAGS_AUTOCLEAR | direct);
            long result = Syscall.raw(SyscallNumber.IOCTL, device.number(), LOOP_CONFIGURE, config.address());
            if (result == -ErrnoException.EBUSY) {
                return false;
            }
            Syscall.check(result, () -> "ioctl(\"" + path + "\", LOOP_CONFIGURE)");
            return true;
        } catch (ErrnoException e) {
            device.close();
            throw e;
        }
    }

    /** The device's path. */
    Path path() {
        return path;
    }

    /** Closes this process's hold; the device stays for as long as something is mounted from it. */
    @Override
    public void close() throws ErrnoException {
        fd.close();
    }
}
