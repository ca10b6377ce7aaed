package dev.forno.registry.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * What a request carries; it can be sent again.
 *
 * @param sent how many bytes of it were handed to the network, the last time it was sent
 */
record Body(BodyPublisher publisher, long length, AtomicLong sent) {
    static Body of(byte[] bytes) {
        return new Body(BodyPublishers.ofByteArray(bytes), bytes.length, new AtomicLong(bytes.length));
    }

    static Body none() {
        return new Body(BodyPublishers.noBody(), 0, new AtomicLong());
    }

    /** {@code length} bytes of a blob from {@code offset} on; {@code progress} takes the blob's bytes handed over. */
    static Body of(BlobSource source, long offset, long length, LongConsumer progress) {
        if (length == 0) {
            return none();
        }
        AtomicLong sent = new AtomicLong();
        BodyPublisher publisher = BodyPublishers.ofInputStream(() -> {
            try {
                sent.set(0);
                return new Counted(source.open(offset), length, n -> {
                    sent.set(n);
                    progress.accept(offset + n);
                });
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return new Body(BodyPublishers.fromPublisher(publisher, length), length, sent);
    }

    boolean isSent() {
        return sent.get() >= length;
    }

    /** The first bytes of a stream, counted. */
    private static final class Counted extends FilterInputStream {
        private final long length;
        private final LongConsumer progress;
        private long count;

        Counted(InputStream in, long length, LongConsumer progress) {
            super(in);
            this.length = length;
            this.progress = progress;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int wanted) throws IOException {
            if (count >= length) {
                return -1;
            }
            int n = super.read(buffer, offset, (int) Math.min(wanted, length - count));
            if (n > 0) {
                count += n;
                progress.accept(count);
            }
            return n;
        }
    }
}
