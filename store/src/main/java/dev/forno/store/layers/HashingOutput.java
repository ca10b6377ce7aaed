package dev.forno.store.layers;

import dev.forno.oci.Digest;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;

/** Hashes and counts all that is written. */
final class HashingOutput extends FilterOutputStream {
    private final MessageDigest hash = Digest.newSha256();
    private long count;

    HashingOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        hash.update(bytes, from, length);
        out.write(bytes, from, length);
        count += length;
    }

    long count() {
        return count;
    }

    /** The digest of all that was written; once. */
    Digest digest() {
        return Digest.of(hash.digest(), Digest.SHA256);
    }
}
