package dev.forno.registry.upstreams;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.contents.Ingest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A blob that is being fetched: its writer tells how it ended, its readers read along. Thread-safe. */
final class Fetch {
    private final Ingest ingest;
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile @Nullable FornoException failure;

    Fetch(Ingest ingest) {
        this.ingest = ingest;
    }

    /** Where its writer writes, and which that closes. */
    Ingest ingest() {
        return ingest;
    }

    /** Tells why nothing more comes; before {@link #ended}. */
    void failed(FornoException reason) {
        failure = reason;
    }

    /** The ingest is closed, and the repository holds the blob unless it failed. */
    void ended() {
        end.countDown();
    }

    void awaitEnd() throws InterruptedException {
        end.await();
    }

    /**
     * A stream over all bytes, which throws the {@link FornoException} that the fetch failed with. Empty when the fetch has
     * all but ended: wait for that.
     */
    Optional<InputStream> follow() {
        try {
            return Optional.of(new Along(ingest.follow()));
        } catch (IllegalStateException | FornoException e) { // closed, or its file has its last name already
            return Optional.empty();
        }
    }

    private final class Along extends FilterInputStream {
        Along(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (IOException e) {
                throw reason(e);
            }
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            try {
                return super.read(bytes, from, length);
            } catch (IOException e) {
                throw reason(e);
            }
        }

        @Override
        public long skip(long count) throws IOException {
            try {
                return super.skip(count);
            } catch (IOException e) {
                throw reason(e);
            }
        }

        /** What the end of the bytes came from. */
        private FornoException reason(IOException broken) throws IOException {
            try {
                awaitEnd();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw broken;
            }
            FornoException known = failure;
            return known == null
                    ? new FornoException(ErrorKind.UNAVAILABLE, "read what is fetched: " + broken.getMessage(), broken)
                    : new FornoException(kind(known), String.valueOf(known.getMessage()), known);
        }

        /** Bytes that aren't what was asked for are a failure of the other registry, not of ours. */
        private static ErrorKind kind(FornoException failure) {
            return failure.kind() == ErrorKind.DATA_LOSS ? ErrorKind.UNAVAILABLE : failure.kind();
        }
    }
}
