package dev.forno.http.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.Content;

/** Sends every write at once, as a whole. */
final class ResponseStream extends OutputStream {
    private final Content.Sink sink;
    private final ReentrantLock lock = new ReentrantLock();

    ResponseStream(Content.Sink sink) {
        this.sink = sink;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return;
        }
        lock.lock();
        try {
            Content.Sink.write(sink, false, ByteBuffer.wrap(bytes, offset, length));
        } finally {
            lock.unlock();
        }
    }
}
