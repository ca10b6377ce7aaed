package dev.forno.registry.repositories;

import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.contents.BlobStat;
import dev.forno.store.contents.Ingest;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A blob that is being pushed. One request at a time works on it; another one waits a while for its end. */
public final class Upload {
    private static final int BUFFER = 1 << 18;
    private static final long PATIENCE_SECONDS = 20;

    private final String id;
    private final String repository;
    private final Supplier<Ingest> opener;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Ingest ingest;

    Upload(String id, String repository, Supplier<Ingest> opener) {
        this.id = id;
        this.repository = repository;
        this.opener = opener;
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
     * @throws FornoException {@link ErrorKind#CONFLICT} when another request holds it for long
     */
    public <T> T alone(Work<T> work) throws IOException, InterruptedException {
        if (!lock.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new FornoException(ErrorKind.CONFLICT, "upload " + id + ": another request is writing to it");
        }
        try {
            return work.run();
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
     * Appends a body. When it breaks off, what came stays.
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
            target.write(buffer, 0, n);
            count += n;
        }
        return count;
    }

    BlobStat commit(Digest digest) {
        Ingest target = opened();
        try {
            return target.commit(digest, -1);
        } finally {
            ingest = null;
        }
    }

    void abort() {
        opened().abort();
        ingest = null;
    }

    boolean abortIfIdle() {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            abort();
            return true;
        } finally {
            lock.unlock();
        }
    }

    boolean closeIfIdle() {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            close();
            return true;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        Ingest current = ingest;
        ingest = null;
        if (current != null) {
            current.close();
        }
    }

    private Ingest opened() {
        Ingest current = ingest;
        if (current == null) {
            current = opener.get();
            ingest = current;
        }
        return current;
    }
}
