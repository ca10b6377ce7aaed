package dev.forno.store.archives;

import java.io.IOException;
import java.io.InputStream;

/**
 * Buffers, and counts what is read. Skips by reading, so that streams below that look at the bytes, to hash or copy them,
 * see all.
 */
final class CountingInput extends InputStream {
    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private byte[] buffer = {};
    private int at;
    private int end;
    private long position;

    CountingInput(InputStream in) {
        this.in = in;
    }

    long position() {
        return position;
    }

    @Override
    public int read() throws IOException {
        if (at == end && !fill()) {
            return -1;
        }
        position++;
        return buffer[at++] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (at == end && length >= BUFFER) {
            int n = in.read(bytes, from, length);
            position += Math.max(0, n);
            return n;
        }
        if (at == end && !fill()) {
            return -1;
        }
        int n = Math.min(length, end - at);
        System.arraycopy(buffer, at, bytes, from, n);
        at += n;
        position += n;
        return n;
    }

    private boolean fill() throws IOException {
        if (buffer.length == 0) {
            buffer = new byte[BUFFER];
        }
        at = 0;
        end = Math.max(0, in.read(buffer, 0, buffer.length));
        return end > 0;
    }

    /** Returns less than {@code count} only at the end of the stream. */
    @Override
    public long skip(long count) throws IOException {
        long left = count;
        while (left > 0 && (at < end || fill())) {
            int n = (int) Math.min(left, end - at);
            at += n;
            position += n;
            left -= n;
        }
        return Math.max(0, count) - Math.max(0, left);
    }

    @Override
    public int available() throws IOException {
        return end > at ? end - at : in.available();
    }
}
