package dev.forno.store.archives;

import java.io.IOException;
import java.io.InputStream;

/**
 * Counts what is read. Skips by reading, so that streams below that look at the bytes, to hash or copy them, see all.
 */
final class CountingInput extends InputStream {
    private final InputStream in;
    private final byte[] scratch = new byte[1 << 16];
    private long position;

    CountingInput(InputStream in) {
        this.in = in;
    }

    long position() {
        return position;
    }

    @Override
    public int read() throws IOException {
        int b = in.read();
        position += b < 0 ? 0 : 1;
        return b;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        int n = in.read(bytes, from, length);
        position += Math.max(0, n);
        return n;
    }

    /** Returns less than {@code count} only at the end of the stream. */
    @Override
    public long skip(long count) throws IOException {
        long left = count;
        while (left > 0) {
            int n = read(scratch, 0, (int) Math.min(scratch.length, left));
            if (n < 0) {
                break;
            }
            left -= n;
        }
        return count - left;
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }
}
