package dev.forno.runtime.logs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;

/** One open log file, read line by line; at its end more may come. Not thread-safe. */
final class LogFile implements AutoCloseable {
    private static final int BLOCK = 64 << 10;

    private final FileChannel channel;
    private final Object identity;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK).flip();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long position;

    private LogFile(FileChannel channel, Object identity) {
        this.channel = channel;
        this.identity = identity;
    }

    /** Opens a file; empty when there is none. */
    static Optional<LogFile> open(Path file) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        Optional<Object> identity = identity(file);
        if (identity.isEmpty()) {
            channel.close();
            return Optional.empty();
        }
        return Optional.of(new LogFile(channel, identity.get()));
    }

    /** Whether this file has that name now. While it is open no other can be taken for it. */
    boolean is(Path path) throws IOException {
        return identity(path).filter(identity::equals).isPresent();
    }

    private static Optional<Object> identity(Path file) throws IOException {
        try {
            return Optional.of(Objects.requireNonNull(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    long size() throws IOException {
        return channel.size();
    }

    /** Goes on from a line's beginning. */
    void seek(long offset) {
        position = offset;
        block.clear().flip();
        line.reset();
    }

    /** The next whole line without its end; empty when no more was written yet. */
    Optional<byte[]> next() throws IOException {
        while (true) {
            while (block.hasRemaining()) {
                byte b = block.get();
                if (b == '\n') {
                    byte[] bytes = line.toByteArray();
                    line.reset();
                    return Optional.of(bytes);
                }
                line.write(b);
            }
            block.clear();
            int count = channel.read(block, position);
            block.flip();
            if (count <= 0) {
                block.clear().flip();
                return Optional.empty();
            }
            position += count;
        }
    }

    /**
     * Where the last lines begin.
     *
     * @param lines how many
     * @return the offset, or 0 when there are not so many
     */
    long startOfLast(long lines) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BLOCK);
        long end = channel.size();
        long seen = 0;
        for (long at = end; at > 0; ) {
            long from = Math.max(0, at - BLOCK);
            buffer.clear().limit((int) (at - from));
            while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) > 0) {
                // until the block is full
            }
            for (int i = buffer.position() - 1; i >= 0; i--) {
                // the line end at the file's end begins no line
                if (buffer.get(i) == '\n' && from + i + 1 < end && ++seen == lines) {
                    return from + i + 1;
                }
            }
            at = from;
        }
        return 0;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // it was only read
        }
    }
}
