package dev.forno;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
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
            channel.truncate(0);
            byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
            channel.write(ByteBuffer.wrap(pid), 0);
            return new DirectoryLock(channel);
        } catch (IOException e) {
            throw new FornoException(ErrorKind.INTERNAL, "open " + directory + ": " + e.getMessage(), e);
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
