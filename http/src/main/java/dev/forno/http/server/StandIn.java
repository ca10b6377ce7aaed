package dev.forno.http.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A large buffer without memory. It stands for bytes that the kernel sends by itself; whoever reads it gets an error
 * instead of wrong bytes, because the file that it is mapped from is empty.
 */
final class StandIn {
    /** The largest part of a file that it stands for at once. */
    static final int SIZE = 1 << 30;

    private final MappedByteBuffer buffer;

    private StandIn(MappedByteBuffer buffer) {
        this.buffer = buffer;
    }

    static StandIn make() throws IOException {
        Path path = Files.createTempFile("forno", ".empty");
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer buffer = file.map(MapMode.READ_WRITE, 0, SIZE);
            file.truncate(0);
            return new StandIn(buffer);
        } finally {
            Files.delete(path);
        }
    }

    /** A buffer of its own for a part of so many bytes. */
    ByteBuffer of(int length) {
        return buffer.duplicate().limit(length);
    }
}
