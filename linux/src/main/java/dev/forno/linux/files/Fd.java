package dev.forno.linux.files;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.calls.Syscall;
import dev.forno.linux.calls.SyscallNumber;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An open file descriptor, closed on exec, owned by this object. Reading and writing advance the file's own position;
 * for one thread at a time.
 */
public final class Fd implements AutoCloseable {
    private static final int SYNC_FILE_RANGE_WRITE = 2;
    private static final int POSIX_FADV_DONTNEED = 4;
    private static final int MAX_TRANSFER = 1 << 18;

    private final int number;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Takes the ownership of a descriptor.
     *
     * @param number an open descriptor
     */
    public Fd(int number) {
        this.number = number;
    }

    /** Opens a file of the host by its path, resolved as usual. For paths that the engine itself chose. */
    public static Fd open(Path path, int flags, int mode) throws ErrnoException {
        return new Fd(FileCalls.open(FileCalls.AT_FDCWD, path.toAbsolutePath().toString(), flags, mode));
    }

    /** The number; throws when it is closed. */
    public int number() {
        if (closed.get()) {
            throw new IllegalStateException("file descriptor " + number + " is closed");
        }
        return number;
    }

    /** A path that leads to the open file for as long as it is open. */
    public Path path() {
        return Path.of("/proc/self/fd/" + number());
    }

    /** The open file's attributes. */
    public FileStat stat() throws ErrnoException {
        return FileCalls.stat(number(), "", FileCalls.AT_EMPTY_PATH);
    }

    /** Reads up to {@code length} bytes; -1 at the end. */
    public int read(byte[] bytes, int from, int length) throws ErrnoException {
        if (length == 0) {
            return 0;
        }
        int count = Math.min(length, MAX_TRANSFER);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(count);
            long result = -ErrnoException.EINTR;
            while (result == -ErrnoException.EINTR) {
                result = Syscall.raw(SyscallNumber.READ, number(), buffer.address(), count);
            }
            int n = (int) Syscall.check(result, () -> "read(" + number + ", " + count + ")");
            MemorySegment.copy(buffer, JAVA_BYTE, 0, bytes, from, n);
            return n == 0 ? -1 : n;
        }
    }

    /** Writes all the bytes. */
    public void write(byte[] bytes, int from, int length) throws ErrnoException {
        int done = 0;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Math.max(1, Math.min(length, MAX_TRANSFER)));
            while (done < length) {
                int count = Math.min(length - done, MAX_TRANSFER);
                MemorySegment.copy(bytes, from + done, buffer, JAVA_BYTE, 0, count);
                long result = Syscall.raw(SyscallNumber.WRITE, number(), buffer.address(), count);
                if (result == -ErrnoException.ENOSPC || result == -ErrnoException.EDQUOT) {
                    throw new ErrnoException("write(" + number + ", " + count + ")", (int) -result, place());
                }
                if (result != -ErrnoException.EINTR) {
                    done += (int) Syscall.check(result, () -> "write(" + number + ", " + count + ")");
                }
            }
        }
    }

    /** Where the file is, if this process sees its directory; a container's files may have other names here. */
    private @Nullable Path place() {
        try {
            Path path = Files.readSymbolicLink(path());
            Path parent = path.getParent();
            boolean here = parent != null && stat().device() == (Long) Files.getAttribute(parent, "unix:dev");
            return here ? path : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** Moves the position to {@code offset} bytes from the start. */
    public void seek(long offset) throws ErrnoException {
        Syscall.check(
                Syscall.raw(SyscallNumber.LSEEK, number(), offset, 0), () -> "lseek(" + number + ", " + offset + ")");
    }

    /** Sets the length in bytes; what is added reads as zeros and occupies no space. */
    public void truncate(long length) throws ErrnoException {
        Syscall.check(
                Syscall.raw(SyscallNumber.FTRUNCATE, number(), length, 0),
                () -> "ftruncate(" + number + ", " + length + ")");
    }

    /** Sets the permission bits with setuid, setgid and sticky. Not for descriptors opened with O_PATH. */
    public void chmod(int mode) throws ErrnoException {
        Syscall.check(
                Syscall.raw(SyscallNumber.FCHMOD, number(), mode, 0),
                () -> "fchmod(" + number + ", 0" + Integer.toOctalString(mode) + ")");
    }

    /** Sets the owner; -1 leaves one as it is. */
    public void chown(int uid, int gid) throws ErrnoException {
        FileCalls.chown(number(), "", uid, gid, FileCalls.AT_EMPTY_PATH);
    }

    /** Sets the times; null leaves one as it is. Not for descriptors opened with O_PATH. */
    public void setTimes(@Nullable Instant accessed, @Nullable Instant modified) throws ErrnoException {
        FileCalls.setTimes(number(), "", accessed, modified, 0);
    }

    /** Waits until content and attributes are on the disk. */
    public void sync() throws ErrnoException {
        Syscall.check(Syscall.raw(SyscallNumber.FSYNC, number(), 0, 0), () -> "fsync(" + number + ")");
    }

    /** Starts to write a range of the file to the disk and doesn't wait, so that a later {@link #sync} waits less. */
    public void startWriting(long offset, long length) throws ErrnoException {
        Syscall.check(
                Syscall.raw(SyscallNumber.SYNC_FILE_RANGE, number(), offset, length, SYNC_FILE_RANGE_WRITE, 0, 0),
                () -> "sync_file_range(" + number + ", " + offset + ", " + length + ")");
    }

    /** Lets go of the memory that caches the file's content, as far as it is on the disk already. */
    public void dropCache() throws ErrnoException {
        dropCache(0, 0);
    }

    /** The same of {@code length} bytes from {@code offset} on; 0 for all up to the end. */
    public void dropCache(long offset, long length) throws ErrnoException {
        Syscall.check(
                Syscall.raw(SyscallNumber.FADVISE64, number(), offset, length, POSIX_FADV_DONTNEED, 0, 0),
                () -> "fadvise64(" + number + ", " + offset + ", " + length + ", POSIX_FADV_DONTNEED)");
    }

    /** Waits until everything that was written to the file system of this file is on the disk. Not for O_PATH. */
    public void syncFileSystem() throws ErrnoException {
        Syscall.check(Syscall.raw(SyscallNumber.SYNCFS, number(), 0, 0), () -> "syncfs(" + number + ")");
    }

    /** The file as a stream from its position; closing the stream closes the descriptor. */
    public InputStream input() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return Fd.this.read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                return Fd.this.read(bytes, from, length);
            }

            @Override
            public void close() throws IOException {
                Fd.this.close();
            }
        };
    }

    /** A stream that writes at the file's position; closing the stream closes the descriptor. */
    public OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                Fd.this.write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                Fd.this.write(bytes, from, length);
            }

            @Override
            public void close() throws IOException {
                Fd.this.close();
            }
        };
    }

    /** Closes the descriptor. Idempotent. */
    @Override
    public void close() throws ErrnoException {
        if (closed.compareAndSet(false, true)) {
            FileCalls.close(number);
        }
    }

    @Override
    public String toString() {
        return "fd " + number;
    }
}
