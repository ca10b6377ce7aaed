package dev.forno.http.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Buffered bytes of a connection, with the line reading that HTTP heads and chunk sizes need. */
final class ChannelInput extends InputStream {
    private static final int SIZE = 32 * 1024;

    private final ReadableByteChannel channel;
    private final byte[] buffer = new byte[SIZE];
    private int position;
    private int limit;

    ChannelInput(ReadableByteChannel channel) {
        this.channel = channel;
    }

    @Override
    public int read() throws IOException {
        return position < limit || fill() ? buffer[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (position == limit) {
            if (length >= SIZE) {
                return channel.read(ByteBuffer.wrap(target, offset, length));
            }
            if (!fill()) {
                return -1;
            }
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(buffer, position, target, offset, count);
        position += count;
        return count;
    }

    @Override
    public int available() {
        return limit - position;
    }

    /** Reads a line without its end; {@code budget} bounds its length. */
    String line(int budget) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            if (position == limit && !fill()) {
                throw new EOFException("read response: the server closed the connection");
            }
            int start = position;
            while (position < limit && buffer[position] != '\n') {
                position++;
            }
            line.append(new String(buffer, start, position - start, StandardCharsets.ISO_8859_1));
            if (line.length() > budget) {
                throw new IOException("read response: a line is longer than " + budget + " bytes");
            }
            if (position < limit) {
                position++;
                int end = line.length();
                return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
            }
        }
    }

    private boolean fill() throws IOException {
        int count = channel.read(ByteBuffer.wrap(buffer));
        position = 0;
        limit = Math.max(count, 0);
        return count > 0;
    }
}
