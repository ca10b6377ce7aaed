package dev.forno.store.contents;

import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.store.places.Place;
import dev.forno.store.places.Remains;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Immutable blobs, each under the digest of its bytes. A blob is visible only when it is complete, verified and durable.
 * Thread-safe; calls block. Failures are {@link dev.forno.oci.FornoException}s: {@link ErrorKind#RESOURCE_EXHAUSTED} for
 * a full disk, {@link ErrorKind#DATA_LOSS} for content that is damaged.
 */
public interface ContentStore {
    /** How long a transfer that broke off is kept, to go on. */
    Duration RESUMABLE_FOR = Duration.ofDays(1);

    /** The blob's size and time, or empty when it is not stored. */
    Optional<BlobStat> stat(Digest digest);

    /** Opens a blob for reading at any position; the caller closes it. Throws {@link ErrorKind#NOT_FOUND}. */
    SeekableByteChannel open(Digest digest);

    /** Opens a blob as a stream from its start; the caller closes it. Throws {@link ErrorKind#NOT_FOUND}. */
    default InputStream read(Digest digest) {
        return Channels.newInputStream(open(digest));
    }

    /**
     * Reads a small document whole and checks it against its digest.
     *
     * @param limit the largest size accepted, in bytes
     * @throws dev.forno.oci.FornoException {@link ErrorKind#NOT_FOUND}, {@link ErrorKind#INVALID_ARGUMENT} when it is
     *     larger than {@code limit}, {@link ErrorKind#DATA_LOSS} when its bytes don't match
     */
    byte[] readAll(Digest digest, int limit);

    /**
     * Begins to write a blob, or resumes where an earlier ingest of the same key stopped: {@link Ingest#offset()} tells
     * how many bytes are there.
     *
     * @param key any text that names the work, such as the expected digest; unique among open ingests
     * @throws dev.forno.oci.FornoException {@link ErrorKind#UNAVAILABLE} when the key's ingest is open elsewhere
     */
    Ingest ingest(String key);

    /**
     * Discards what an earlier ingest of the key left, without looking at it; nothing happens when it left nothing.
     *
     * @throws dev.forno.oci.FornoException {@link ErrorKind#UNAVAILABLE} when the key's ingest is open
     */
    void discard(String key);

    /** Begins to write a blob that can't be resumed: closing it before a commit discards it. */
    Ingest ingest();

    /**
     * Makes an existing file a blob too, without a copy: by a hard link, in place of the blob's own file if there was one.
     * Afterwards nobody may change the file's bytes.
     *
     * @param file complete, durable, not writable for others, on the file system of the store
     * @param digest the digest of its bytes, which the caller has verified
     */
    BlobStat link(Path file, Digest digest);

    /** All blobs, in the order of their digests. */
    List<BlobStat> list();

    /**
     * Takes a blob out of sight; open readers keep reading. Empty when it wasn't there. Only garbage collection calls this.
     */
    Optional<Remains> detach(Digest digest);

    /** Removes a blob as {@link #detach} does, with its file. Returns whether it was there. */
    default boolean delete(Digest digest) {
        Optional<Remains> remains = detach(digest);
        remains.ifPresent(Remains::discard);
        return remains.isPresent();
    }

    /** Removes transfers that broke off, unless they go on: those not touched since then. */
    List<Remains> detachPartial(Instant untouchedSince);

    /** Whether a partial place would be removed by {@link #detachPartial}. */
    boolean isStale(Place partial, Instant untouchedSince);

    /** Every blob and every file beside them, as it is now. */
    List<Place> places();

    /** Stores a small document and returns its sha256 digest; storing it again is no error. */
    default Digest put(byte[] document) {
        Digest digest = Digest.of(document);
        put(digest, document);
        return digest;
    }

    /**
     * Stores a small document under the digest by which others name it, which may be a sha512; storing it again is no error.
     *
     * @throws dev.forno.oci.FornoException {@link ErrorKind#DATA_LOSS} when the document has another digest
     */
    default void put(Digest digest, byte[] document) {
        try (Ingest ingest =
                ingest("document-" + digest.hex() + "-" + Thread.currentThread().threadId())) {
            ingest.truncate();
            ingest.write(document, 0, document.length);
            ingest.commit(digest, document.length);
        }
    }
}
