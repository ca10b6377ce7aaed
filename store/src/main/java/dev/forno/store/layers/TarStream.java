package dev.forno.store.layers;

import dev.forno.oci.Digest;
import java.io.InputStream;
import java.security.MessageDigest;

/** The uncompressed tar of a layer as it is installed: made ahead on another thread, bounded, hashed. */
final class TarStream implements AutoCloseable {
    private final ReadAhead ahead;
    private final HashingInput hashed;

    private TarStream(InputStream plain, long limit, MessageDigest hash, String algorithm) {
        this.ahead = new ReadAhead(plain);
        this.hashed = new HashingInput(new BoundedInput(ahead, limit), hash, algorithm);
    }

    /** To be hashed like the expected digest. */
    static TarStream expecting(Digest diffId, InputStream plain, long limit) {
        return new TarStream(plain, limit, diffId.newAccumulator(), diffId.algorithm());
    }

    /** To be hashed by sha256. */
    static TarStream of(InputStream plain, long limit) {
        return new TarStream(plain, limit, Digest.newSha256(), Digest.SHA256);
    }

    /** What a snapshotter reads. */
    InputStream in() {
        return hashed;
    }

    /** The digest of all that was read; once. */
    Digest digest() {
        return hashed.digest();
    }

    /** How many bytes were read. */
    long count() {
        return hashed.count();
    }

    /** Stops reading; the stream below stays open. */
    @Override
    public void close() {
        ahead.close();
    }
}
