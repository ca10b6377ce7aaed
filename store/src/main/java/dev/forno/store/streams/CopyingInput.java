package dev.forno.store.streams;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Writes everything to another stream that is read here, and what is skipped as well. Closing it closes neither. */
public final class CopyingInput extends InputStream {
    private final InputStream in;
    private final OutputStream copy;
    private final byte[] skipped = new byte[1 << 16];

    /** Reads {@code in} and writes to {@code copy}; both stay the caller's. */
    public CopyingInput(InputStream in, OutputStream copy) {
        this.in = in;
        this.copy = copy;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        int n = in.read(bytes, from, length);
        if (n > 0) {
            copy.write(bytes, from, n);
        }
        return n;
    }

    @Override
    public long skip(long count) throws IOException {
        return Math.max(0, read(skipped, 0, (int) Math.max(0, Math.min(count, skipped.length))));
    }
}
