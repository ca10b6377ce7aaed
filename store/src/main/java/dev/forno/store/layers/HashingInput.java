package dev.forno.store.layers;

import dev.forno.oci.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** Hashes and counts all that is read. */
final class HashingInput extends FilterInputStream {
    private final MessageDigest hash;
    private final String algorithm;
    private long count;

    HashingInput(InputStream in, MessageDigest hash, String algorithm) {
        super(in);
        this.hash = hash;
        this.algorithm = algorithm;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        int n = super.read(bytes, from, length);
        if (n > 0) {
            hash.update(bytes, from, n);
            count += n;
        }
        return n;
    }

    @Override
    public long skip(long n) throws IOException {
        return readNBytes((int) Math.min(n, 1 << 16)).length;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    long count() {
        return count;
    }

    /** The digest of all that was read; once. */
    Digest digest() {
        return Digest.of(hash.digest(), algorithm);
    }
}
