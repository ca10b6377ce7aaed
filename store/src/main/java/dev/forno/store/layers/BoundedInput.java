package dev.forno.store.layers;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Ends with an error after a number of bytes, so that a few compressed bytes can't become endlessly many. */
final class BoundedInput extends FilterInputStream {
    private final long limit;
    private long left;

    BoundedInput(InputStream in, long limit) {
        super(in);
        this.limit = limit;
        this.left = limit;
    }

    @Override
    public int read() throws IOException {
        int b = super.read();
        count(b < 0 ? 0 : 1);
        return b;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        int n = super.read(bytes, from, length);
        count(Math.max(0, n));
        return n;
    }

    @Override
    public long skip(long count) throws IOException {
        long n = super.skip(count);
        count(n);
        return n;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** How many bytes were read. */
    long count() {
        return limit - left;
    }

    private void count(long n) {
        left -= n;
        if (left < 0) {
            throw new FornoException(
                    ErrorKind.RESOURCE_EXHAUSTED, "unpack layer: more than " + limit + " bytes when decompressed");
        }
    }
}
