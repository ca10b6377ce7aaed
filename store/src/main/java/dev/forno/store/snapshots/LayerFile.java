package dev.forno.store.snapshots;

import dev.forno.store.streams.WriteBack;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A new file that is written once from its start to its end: in large pieces, which the kernel begins to write to the disk
 * at once, so that {@link #sync} at the end waits for little, and needn't keep in memory afterwards. For one thread; an
 * interrupt closes it.
 */
final class LayerFile extends OutputStream {
    private static final int PIECE = 1 << 20;

    private final FileChannel channel;
    private final WriteBack writeBack;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE);
    private long written;

    LayerFile(Path path) throws IOException {
        channel = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        try {
            writeBack = new WriteBack(path, false);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int count = Math.min(length - done, buffer.remaining());
            buffer.put(bytes, from + done, count);
            done += count;
            if (!buffer.hasRemaining()) {
                flush();
            }
        }
    }

    @Override
    public void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            written += channel.write(buffer);
        }
        buffer.clear();
        writeBack.reached(written);
    }

    /** Lets the kernel write what it has. */
    void startWriting() throws IOException {
        writeBack.start(written);
    }

    /** Waits until all is on the disk. */
    void sync() throws IOException {
        flush();
        channel.force(true);
    }

    /** Lets go of the synced bytes' cache: they will be read through an index, which caches what it shows. */
    void dropCache() throws IOException {
        writeBack.dropCache();
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            writeBack.close();
        }
    }
}
