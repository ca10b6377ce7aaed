package dev.forno;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.failures.Failures;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** A directory that belongs to one engine at a time. The kernel releases it however the process ends. */
final class DirectoryLock implements AutoCloseable {
    private static final Logger LOG = System.getLogger(DirectoryLock.class.getName());
    private static final String FILE = "engine.lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the directory, making it when missing; throws {@link ErrorKind#FAILED_PRECONDITION} naming the holder. */
    static DirectoryLock take(Path directory, String mode) {
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
            FileChannel channel = FileChannel.open(
                    directory.resolve(FILE),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                String holder = Files.readString(directory.resolve(FILE)).strip();
                channel.close();
                throw new FornoException(
                        ErrorKind.FAILED_PRECONDITION,
                        "open " + directory + ": the engine with process id " + holder
                                + " uses it; stop that one, or give" + " this one other --state and --run directories");
            }
            writeHolder(channel, directory);
            return new DirectoryLock(channel);
        } catch (IOException e) {
            throw new FornoException(ErrorKind.INTERNAL, "open " + directory + ": " + e.getMessage(), e);
        }
    }

    /** In place: the file may have the only space that is left. On a full disk the lock holds without it. */
    private static void writeHolder(FileChannel channel, Path directory) throws IOException {
        byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
        try {
            channel.write(ByteBuffer.wrap(pid), 0);
            channel.truncate(pid.length);
        } catch (IOException e) {
            if (!Failures.isFull(e)) {
                throw e;
            }
            LOG.log(Level.WARNING, "note the process id in " + directory.resolve(FILE) + ": " + e.getMessage());
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another engine in this same process
        }
    }

    /** Gives the directory back. Idempotent. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new FornoException(ErrorKind.INTERNAL, "release lock: " + e.getMessage(), e);
        }
    }
}
