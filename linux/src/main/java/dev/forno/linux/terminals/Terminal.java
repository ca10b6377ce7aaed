package dev.forno.linux.terminals;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.calls.Syscall;
import dev.forno.linux.calls.SyscallNumber;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One of the process' own descriptors, seen as a terminal. Does not own the descriptor. Thread-safe; the kernel keeps
 * the state.
 */
public final class Terminal {
    private static final long TCGETS = 0x5401;
    private static final long TCSETSW = 0x5403;
    private static final long TIOCGWINSZ = 0x5413;

    // struct termios of the kernel: four flag words, the line discipline, 19 control characters
    private static final int TERMIOS_SIZE = 36;
    private static final int IFLAG = 0;
    private static final int OFLAG = 4;
    private static final int CFLAG = 8;
    private static final int LFLAG = 12;
    private static final int CONTROL = 17;
    private static final int VTIME = 5;
    private static final int VMIN = 6;

    private static final int IGNBRK_BRKINT_PARMRK_ISTRIP_INLCR_IGNCR_ICRNL_IXON = 0x5EB;
    private static final int OPOST = 0x1;
    private static final int CSIZE_PARENB = 0x130;
    private static final int CS8 = 0x30;
    private static final int ECHO_ECHONL_ICANON_ISIG_IEXTEN = 0x804B;
    private static final int ECHO = 0x8;

    private final int fd;

    private Terminal(int fd) {
        this.fd = fd;
    }

    /**
     * The terminal behind a descriptor of this process (0, 1, 2), empty when it is a pipe, a file or closed. The cheap
     * look at {@code /proc} spares a process without terminals the cost of the first kernel call.
     */
    public static Optional<Terminal> of(int fd) {
        try {
            String target =
                    Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
            if (!target.startsWith("/dev/") || target.equals("/dev/null")) {
                return Optional.empty();
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            long result = ioctl(fd, TCGETS, arena.allocate(TERMIOS_SIZE));
            return result < 0 ? Optional.empty() : Optional.of(new Terminal(fd));
        }
    }

    /**
     * The size in characters.
     *
     * @throws ErrnoException when the terminal has gone
     */
    public WindowSize size() throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(8);
            Syscall.check(ioctl(fd, TIOCGWINSZ, size), () -> "ioctl(" + fd + ", TIOCGWINSZ)");
            return new WindowSize(
                    Short.toUnsignedInt(size.get(JAVA_SHORT, 0)), Short.toUnsignedInt(size.get(JAVA_SHORT, 2)));
        }
    }

    /**
     * Passes every byte unchanged in both directions, without echo, line editing or signals, until the returned mode is
     * closed.
     *
     * @throws ErrnoException when the terminal has gone
     */
    public Mode raw() throws ErrnoException {
        return change(settings -> {
            clear(settings, IFLAG, IGNBRK_BRKINT_PARMRK_ISTRIP_INLCR_IGNCR_ICRNL_IXON);
            clear(settings, OFLAG, OPOST);
            clear(settings, CFLAG, CSIZE_PARENB);
            settings.set(JAVA_INT, CFLAG, settings.get(JAVA_INT, CFLAG) | CS8);
            clear(settings, LFLAG, ECHO_ECHONL_ICANON_ISIG_IEXTEN);
            settings.set(JAVA_BYTE, CONTROL + VMIN, (byte) 1);
            settings.set(JAVA_BYTE, CONTROL + VTIME, (byte) 0);
        });
    }

    /**
     * Hides what is typed, for passwords, until the returned mode is closed.
     *
     * @throws ErrnoException when the terminal has gone
     */
    public Mode withoutEcho() throws ErrnoException {
        return change(settings -> clear(settings, LFLAG, ECHO));
    }

    private Mode change(java.util.function.Consumer<MemorySegment> change) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment settings = arena.allocate(TERMIOS_SIZE);
            Syscall.check(ioctl(fd, TCGETS, settings), () -> "ioctl(" + fd + ", TCGETS)");
            byte[] before = settings.toArray(JAVA_BYTE);
            change.accept(settings);
            Syscall.check(ioctl(fd, TCSETSW, settings), () -> "ioctl(" + fd + ", TCSETSW)");
            return new Mode(fd, before);
        }
    }

    private static void clear(MemorySegment settings, int offset, int bits) {
        settings.set(JAVA_INT, offset, settings.get(JAVA_INT, offset) & ~bits);
    }

    private static long ioctl(int fd, long request, MemorySegment argument) {
        return Syscall.raw(SyscallNumber.IOCTL, fd, request, argument.address());
    }

    /** A changed mode; closing it puts the terminal back as it was. Close is idempotent. */
    public static final class Mode implements AutoCloseable {
        private final int fd;
        private final byte[] before;

        private Mode(int fd, byte[] before) {
            this.fd = fd;
            this.before = before;
        }

        @Override
        public void close() {
            try (Arena arena = Arena.ofConfined()) {
                // a terminal that has gone needs no restoration: the result does not matter
                ioctl(fd, TCSETSW, arena.allocateFrom(JAVA_BYTE, before));
            }
        }
    }
}
