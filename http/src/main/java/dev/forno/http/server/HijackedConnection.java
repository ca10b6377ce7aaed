package dev.forno.http.server;

import dev.forno.http.DuplexStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;

/** The connection after HTTP: blocking streams over the library's non-blocking end point. */
final class HijackedConnection extends AbstractConnection implements Connection.UpgradeTo, DuplexStream {
    private static final System.Logger LOG = System.getLogger("dev.forno.http.hijack");
    private static final int BUFFER = 32 * 1024;

    private final DuplexHandler handler;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final Input input = new Input();
    private final Output output = new Output();

    HijackedConnection(EndPoint endPoint, Executor executor, DuplexHandler handler) {
        super(endPoint, executor);
        this.handler = handler;
    }

    @Override
    public void onUpgradeTo(ByteBuffer early) {
        input.buffered = ByteBuffer.allocate(early.remaining()).put(early).flip();
    }

    @Override
    public void onOpen() {
        super.onOpen();
        if (!taken.compareAndSet(false, true)) {
            return;
        }
        getEndPoint().setIdleTimeout(0);
        Thread.ofVirtual().name("http-hijacked").start(this::serve);
    }

    @Override
    public void onFillable() {
        // Reading registers callbacks of its own.
    }

    /** The connection broke before it was handed over: the handler runs all the same and finds it closed. */
    void abandon() {
        if (taken.compareAndSet(false, true)) {
            getEndPoint().close();
            Thread.ofVirtual().name("http-abandoned").start(this::serve);
        }
    }

    private void serve() {
        try (this) {
            handler.handle(this);
        } catch (Exception e) {
            LOG.log(Level.DEBUG, "hijacked connection broke off", e);
        }
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public void closeOutput() {
        getEndPoint().shutdownOutput();
    }

    private final class Input extends InputStream {
        private ByteBuffer buffered = ByteBuffer.allocate(0);

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            if (length == 0) {
                return 0;
            }
            while (!buffered.hasRemaining()) {
                if (!fill()) {
                    return -1;
                }
            }
            int count = Math.min(length, buffered.remaining());
            buffered.get(target, offset, count);
            return count;
        }

        private boolean fill() throws IOException {
            if (buffered.capacity() < BUFFER) {
                buffered = BufferUtil.allocate(BUFFER);
            }
            BufferUtil.clear(buffered);
            int count = getEndPoint().fill(buffered);
            if (count == 0) {
                try (Blocker.Callback readable = Blocker.callback()) {
                    getEndPoint().fillInterested(readable);
                    readable.block();
                }
            }
            return count >= 0;
        }
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            try (Blocker.Callback written = Blocker.callback()) {
                getEndPoint().write(written, ByteBuffer.wrap(bytes, offset, length));
                written.block();
            }
        }

        @Override
        public void close() {
            closeOutput();
        }
    }
}
