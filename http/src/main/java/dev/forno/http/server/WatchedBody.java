package dev.forno.http.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * A request body that tells when it has been read to its end: only then do further bytes mean something else. A read that was
 * interrupted can be repeated, by another thread too: what the client still sends must be taken even from a handler that gave
 * up, so that the client sees its answer. For one reader at a time.
 */
final class WatchedBody extends InputStream {
    private final Content.Source source;
    private final ClientWatch watch;

    /** What the last read left. */
    private Content.@Nullable Chunk chunk;

    /** Opens when the source has more. It takes one demand at a time, so that of an interrupted read is waited for again. */
    private @Nullable CountDownLatch demanded;

    private boolean ended;

    WatchedBody(Content.Source source, ClientWatch watch) {
        this.source = source;
        this.watch = watch;
    }

    boolean ended() {
        return ended;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        while (chunk == null) {
            if (ended) {
                return -1;
            }
            keep(next());
        }
        ByteBuffer left = chunk.getByteBuffer();
        int count = Math.min(length, left.remaining());
        left.get(bytes, offset, count);
        keep(chunk);
        return count;
    }

    @Override
    public int available() {
        return chunk == null ? 0 : chunk.remaining();
    }

    /** The exchange still needs it: to take what a client sends that has been answered early. */
    @Override
    public void close() {
        // ends with the exchange
    }

    private Content.Chunk next() throws IOException {
        while (true) {
            if (demanded != null) {
                await(demanded);
                demanded = null;
            }
            Content.Chunk next = source.read();
            if (next == null) {
                CountDownLatch more = new CountDownLatch(1);
                source.demand(Invocable.from(Invocable.InvocationType.NON_BLOCKING, more::countDown));
                demanded = more;
            } else if (Content.Chunk.isFailure(next)) {
                throw IO.rethrow(next.getFailure());
            } else {
                return next;
            }
        }
    }

    private static void await(CountDownLatch more) throws InterruptedIOException {
        try {
            more.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading the request");
        }
    }

    /** Holds a piece as long as it has bytes; notes when it was the last. */
    private void keep(Content.Chunk piece) {
        if (piece.hasRemaining()) {
            chunk = piece;
            return;
        }
        chunk = null;
        piece.release();
        if (piece.isLast() && !ended) {
            ended = true;
            watch.bodyEnded();
        }
    }
}
