package dev.forno.http.server;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A request body that tells when it has been read to its end: only then do further bytes mean something else. */
final class WatchedBody extends FilterInputStream {
    private final ClientWatch watch;
    private boolean ended;

    WatchedBody(InputStream in, ClientWatch watch) {
        super(in);
        this.watch = watch;
    }

    boolean ended() {
        return ended;
    }

    @Override
    public int read() throws IOException {
        int b = super.read();
        noteEnd(b < 0);
        return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = super.read(bytes, offset, length);
        noteEnd(count < 0);
        return count;
    }

    /** The exchange still needs it: to take what a client sends that has been answered early. */
    @Override
    public void close() {
        // ends with the exchange
    }

    private void noteEnd(boolean atEnd) {
        if (atEnd && !ended) {
            ended = true;
            watch.bodyEnded();
        }
    }
}
