package dev.forno.store.contents;

import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A blob being written. Ends by {@link #commit}, which publishes it, or by {@link #abort}, which discards it; a
 * {@link #close} before either keeps the bytes, so that the next {@link ContentStore#ingest} of the key resumes. For one
 * thread at a time.
 */
public interface Ingest extends AutoCloseable {
    /** How many bytes are written so far; more than zero at first when the ingest was resumed. */
    long offset();

    /** Appends bytes; throws {@link ErrorKind#RESOURCE_EXHAUSTED} when the disk is full. */
    void write(byte[] bytes, int from, int length);

    /** Starts again from nothing, for a source that can't be resumed. */
    void truncate();

    /**
     * A stream over all bytes from the first, those written already and those still to come: it waits for them, and ends
     * when the ingest is verified or committed. When the ingest is aborted, closed or truncated before, the stream fails.
     * The stream is read by another thread than the writing one, and closed by its reader, also after the commit.
     */
    InputStream follow();

    /**
     * Verifies size and digest of what was written, which is all: followers come to their end, and only {@link #commit}
     * with the same digest, {@link #abort} and {@link #close} may follow. A mismatch discards what was written.
     *
     * @throws dev.forno.oci.FornoException {@link ErrorKind#DATA_LOSS} on a mismatch
     */
    void verify(Digest expected, long expectedSize);

    /**
     * Verifies size and digest, unless {@link #verify} did, and makes the blob visible and durable. A mismatch discards what was written.
     *
     * @param expected the digest to verify
     * @param expectedSize the size to verify in bytes, or -1 when it isn't known
     * @throws dev.forno.oci.FornoException {@link ErrorKind#DATA_LOSS} on a mismatch
     */
    BlobStat commit(Digest expected, long expectedSize);

    /** Makes the blob visible and durable under the sha256 digest of what was written. */
    BlobStat commit();

    /** Discards what was written and closes. */
    void abort();

    /**
     * Closes; what was written and neither committed nor aborted is kept for a resumption, unless the disk was full.
     * Idempotent.
     */
    @Override
    void close();

    /** The ingest as a stream; closing the stream does nothing. */
    default OutputStream stream() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                Ingest.this.write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                Ingest.this.write(bytes, from, length);
            }
        };
    }
}
