package dev.forno.registry.repositories;

import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.contents.BlobStat;
import dev.forno.store.contents.ContentStore;
import dev.forno.store.contents.Ingest;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A blob that is being pushed. One request at a time works on it; another one waits a while for its end. */
public final class Upload {
    private static final int BUFFER = 1 << 18;
    private static final long PATIENCE_SECONDS = 20;

    private final String id;
    private final String repository;
    private final ContentStore content;
    private final IdleUploads idle;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Ingest ingest;

    /** Whether it is over: a request that found it before must not begin it anew. */
    private volatile boolean ended;

    Upload(String id, String repository, ContentStore content, IdleUploads idle) {
        this.id = id;
        this.repository = repository;
        this.content = content;
        this.idle = idle;
    }

    /** The id in the upload's address. */
    public String id() {
        return id;
    }

    /** Where the blob goes. */
    public String repository() {
        return repository;
    }

    /**
     * Does something with the upload alone.
     *
     * @throws FornoException {@link ErrorKind#CONFLICT} when another request holds it for long, {@link
     *     ErrorKind#NOT_FOUND} when another one ended it meanwhile
     */
    public <T> T alone(Work<T> work) throws IOException, InterruptedException {
        if (!lock.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new FornoException(ErrorKind.CONFLICT, "upload " + id + ": another request is writing to it");
        }
        try {
            return work.run();
        } finally {
            release();
        }
    }

    private void release() {
        try {
            if (ingest == null) {
                idle.remove(this);
            } else {
                idle.add(this);
            }
        } finally {
            lock.unlock();
        }
    }

    /** What is done with an upload. */
    @FunctionalInterface
    public interface Work<T> {
        /** Does it. */
        T run() throws IOException, InterruptedException;
    }

    /** How many bytes are here. */
    public long offset() {
        return opened().offset();
    }

    /**
     * Appends a body. When it breaks off, what came stays, unless the disk is full.
     *
     * @param limit the most bytes accepted, or -1
     * @return how many came
     * @throws FornoException {@link ErrorKind#INVALID_ARGUMENT} when there are more
     */
    public long append(InputStream body, long limit) throws IOException {
        Ingest target = opened();
        byte[] buffer = new byte[BUFFER];
        long count = 0;
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
            if (limit >= 0 && count + n > limit) {
                throw new FornoException(
                        ErrorKind.INVALID_ARGUMENT,
                        "upload " + id + ": the body is longer than the " + limit + " bytes of its Content-Range");
            }
            try {
                target.write(buffer, 0, n);
            } catch (FornoException e) {
                if (e.kind() == ErrorKind.RESOURCE_EXHAUSTED) {
                    close(); // gives the space back
                }
                throw e;
            }
            count += n;
        }
        return count;
    }

    /** Publishes it; afterwards it has ended, unless the bytes are still here to try again. */
    BlobStat commit(Digest digest) {
        try (Ingest target = opened()) {
            BlobStat stat = target.commit(digest, -1);
            ended = true;
            return stat;
        } catch (FornoException e) {
            ended |= e.kind() == ErrorKind.DATA_LOSS;
            throw e;
        } finally {
            ingest = null;
        }
    }

    /** Ends it; what is here is thrown away without being looked at. */
    void abort() {
        requireGoingOn();
        Ingest current = ingest;
        ingest = null;
        if (current == null) {
            content.discard(key());
        } else {
            current.abort();
        }
        ended = true;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Ends it unless a request works on it; whether it has ended. */
    boolean abortIfIdle() {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            if (!ended) {
                abort();
            }
            return true;
        } finally {
            release();
        }
    }

    /** Lets go of its file unless a request works on it. */
    void closeIfIdle() {
        if (lock.tryLock()) {
            try {
                close();
            } finally {
                release();
            }
        }
    }

    void close() {
        Ingest current = ingest;
        ingest = null;
        if (current != null) {
            current.close();
        }
    }

    private void requireGoingOn() {
        if (ended) {
            throw new FornoException(ErrorKind.NOT_FOUND, "upload " + id + ": it was finished, cancelled or too old");
        }
    }

    private String key() {
        return "registry-upload-" + id;
    }

    private Ingest opened() {
        requireGoingOn();
        Ingest current = ingest;
        if (current == null) {
            current = content.ingest(key());
            ingest = current;
        }
        return current;
    }
}
