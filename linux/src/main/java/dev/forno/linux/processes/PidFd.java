package dev.forno.linux.processes;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.calls.Descriptors;
import dev.forno.linux.calls.Syscall;
import dev.forno.linux.calls.SyscallNumber;
import dev.forno.linux.events.Poller;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A process held by descriptor: signals and waits never hit another process that got the same id. Thread-safe. */
public final class PidFd implements AutoCloseable {
    private static final int P_PIDFD = 3;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int CLD_EXITED = 1;
    private static final int SIGINFO_SIZE = 128;
    private static final int SI_CODE = 8;
    private static final int SI_PID = 16;
    private static final int SI_STATUS = 24;

    private final int pid;
    private final int fd;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable CompletableFuture<@Nullable Void> ended;
    private boolean closed;

    private PidFd(int pid, int fd) {
        this.pid = pid;
        this.fd = fd;
    }

    /** Opens the process that has the id now; {@link ErrnoException#ESRCH} when there is none. */
    public static PidFd open(int pid) throws ErrnoException {
        int fd = (int) Syscall.check(Syscall.raw(SyscallNumber.PIDFD_OPEN, pid, 0, 0), () -> "pidfd_open(" + pid + ")");
        return new PidFd(pid, fd);
    }

    /** Opens a process found earlier; {@link ErrnoException#ESRCH} when it has ended, even if its id is in use again. */
    public static PidFd open(ProcessIdentity process) throws ErrnoException {
        PidFd opened = open(process.pid());
        if (!process.isAlive()) {
            opened.close();
            throw new ErrnoException("pidfd_open(" + process.pid() + ")", ErrnoException.ESRCH);
        }
        return opened;
    }

    /** The process id, for messages. */
    public int pid() {
        return pid;
    }

    /** Sends a signal; {@link ErrnoException#ESRCH} when the process has ended. */
    public void signal(int signal) throws ErrnoException {
        lock.lock();
        try {
            long result = closed
                    ? -ErrnoException.ESRCH
                    : Syscall.raw(SyscallNumber.PIDFD_SEND_SIGNAL, fd, signal, 0, 0, 0, 0);
            Syscall.check(result, () -> "pidfd_send_signal(" + pid + ", " + signal + ")");
        } finally {
            lock.unlock();
        }
    }

    /**
     * Completes when the process has ended (a child may still wait to be reaped). What depends on it runs on the poller's
     * thread and must not block. Fails when closed before.
     */
    public CompletableFuture<@Nullable Void> ended() throws ErrnoException {
        lock.lock();
        try {
            if (closed) {
                throw new ErrnoException("poll(pidfd of " + pid + ")", ErrnoException.EBADF);
            }
            if (ended == null) {
                ended = Poller.shared().readable(fd);
            }
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** The exit code of an own child that has ended (128 + signal for a signal), which is reaped; empty while it runs. */
    public OptionalInt reap() throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(SIGINFO_SIZE, 8);
            Syscall.check(
                    Syscall.raw(SyscallNumber.WAITID, P_PIDFD, fd, info.address(), WEXITED | WNOHANG, 0, 0),
                    () -> "waitid(pidfd of " + pid + ")");
            if (info.get(JAVA_INT, SI_PID) == 0) {
                return OptionalInt.empty();
            }
            int status = info.get(JAVA_INT, SI_STATUS);
            return OptionalInt.of(info.get(JAVA_INT, SI_CODE) == CLD_EXITED ? status : 128 + status);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                Poller.shared().forget(fd);
                Descriptors.close(fd);
            }
        } finally {
            lock.unlock();
        }
    }
}
