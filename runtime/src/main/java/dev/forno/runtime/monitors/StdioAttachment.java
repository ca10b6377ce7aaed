package dev.forno.runtime.monitors;

import dev.forno.runtime.tasks.Attachment;
import dev.forno.runtime.tasks.Chunk;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One attachment: a bounded queue of output, whose slow reader slows the process as a full pipe would. */
final class StdioAttachment implements Attachment {
    private static final int MAX_BYTES = 1 << 20;

    private final Stdio stdio;
    private final OutputStream input;
    private final Queue<Chunk> queue = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int queued;
    private boolean unbounded;
    private boolean ended;
    private boolean closed;
    private @Nullable IOException failure;

    StdioAttachment(Stdio stdio, boolean withInput) {
        this.stdio = stdio;
        this.input = new Input(withInput);
    }

    @Override
    public OutputStream stdin() {
        return input;
    }

    @Override
    public Optional<Chunk> read() throws IOException {
        lock.lock();
        try {
            while (true) {
                Chunk chunk = closed ? null : queue.poll();
                if (chunk != null) {
                    queued -= chunk.bytes().length;
                    changed.signalAll();
                    return Optional.of(chunk);
                }
                if (failure != null) {
                    throw failure;
                }
                if (closed || ended) {
                    return Optional.empty();
                }
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.nio.channels.ClosedByInterruptException();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        stdio.detach(this);
        lock.lock();
        try {
            closed = true;
            queue.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void put(Chunk chunk) {
        lock.lock();
        try {
            while (queued >= MAX_BYTES && !unbounded && !closed) {
                changed.awaitUninterruptibly();
            }
            if (!closed) {
                queue.add(chunk);
                queued += chunk.bytes().length;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    void unbound() {
        change(() -> unbounded = true);
    }

    void end() {
        change(() -> ended = true);
    }

    void fail(IOException e) {
        change(() -> failure = e);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private final class Input extends OutputStream {
        private final boolean allowed;
        private boolean ended;

        Input(boolean allowed) {
            this.allowed = allowed;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (!allowed || ended) {
                throw new IOException(allowed ? "the input was closed" : "attached without input");
            }
            stdio.send(bytes, offset, length);
        }

        @Override
        public void close() {
            if (allowed && !ended) {
                ended = true;
                stdio.endInput();
            }
        }
    }
}
