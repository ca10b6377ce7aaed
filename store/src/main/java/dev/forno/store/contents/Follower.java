package dev.forno.store.contents;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads an ingest's file while it is written; keeps its own descriptor, so that the file may be renamed meanwhile. */
final class Follower extends InputStream {
    private final FileChannel channel;
    private final Written written;
    private final int generation;
    private long position;

    /** How many bytes are known to be there, so that not every read has to ask. */
    private long known;

    Follower(Path file, Written written) throws IOException {
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
        this.written = written;
        this.generation = written.generation();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (known == position) {
            known = written.awaitMore(position, generation);
            if (known == position) {
                return -1;
            }
        }
        int wanted = (int) Math.min(length, known - position);
        int n = channel.read(ByteBuffer.wrap(bytes, from, wanted), position);
        if (n < 0) {
            throw new IOException("the content that was being read is written anew");
        }
        position += n;
        return n;
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, known - position);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
