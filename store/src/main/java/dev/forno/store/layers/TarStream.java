package dev.forno.store.layers;

import dev.forno.oci.Digest;
import dev.forno.store.failures.Failures;
import java.io.IOException;
import java.io.InputStream;

/** The uncompressed tar of a layer as it is installed: made ahead on another thread, bounded, hashed. */
final class TarStream implements AutoCloseable {
    private static final Digest ANY = new Digest(Digest.SHA256, "0".repeat(64));

    private final ReadAhead ahead;
    private final BoundedInput bounded;
    private final String algorithm;

    private TarStream(InputStream plain, long limit, Digest likeThis, Runnable exhausted) {
        this.algorithm = likeThis.algorithm();
        this.ahead = new ReadAhead(plain, likeThis.newAccumulator(), exhausted);
        this.bounded = new BoundedInput(ahead, limit);
    }

    /** To be hashed like the expected digest. */
    static TarStream expecting(Digest diffId, InputStream plain, long limit) {
        return new TarStream(plain, limit, diffId, () -> {});
    }

    /**
     * To be hashed by sha256.
     *
     * @param exhausted called when {@code plain} has been read to its end, or failed, before this is closed: nobody reads it any more
     */
    static TarStream of(InputStream plain, long limit, Runnable exhausted) {
        return new TarStream(plain, limit, ANY, exhausted);
    }

    /** What a snapshotter reads. */
    InputStream in() {
        return bounded;
    }

    /** The digest of all that {@link #in} gave, which must have been read to its end; once. */
    Digest digest() {
        try {
            return Digest.of(ahead.digest(), algorithm);
        } catch (IOException e) {
            throw Failures.of("hash layer", e);
        }
    }

    /** How many bytes were read. */
    long count() {
        return bounded.count();
    }

    /** Stops reading; the stream below stays open. */
    @Override
    public void close() {
        ahead.close();
    }
}
