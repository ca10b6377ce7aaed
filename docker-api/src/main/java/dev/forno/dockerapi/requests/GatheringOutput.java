package dev.forno.dockerapi.requests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Hands small writes on together: a thread of its own sends whatever has gathered while it was sending before. So nothing
 * waits when the source pauses, and a source of many short pieces does not cost one system call each. {@link #close}
 * sends the rest; it does not close the stream below. For one writer.
 */
public final class GatheringOutput extends OutputStream {
    private static final int LIMIT = 256 * 1024;

    private final OutputStream out;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread sender;
    private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
    private boolean closed;
    private @Nullable IOException failure;

    /** Sends to {@code out}. */
    public GatheringOutput(OutputStream out) {
        this.out = out;
        this.sender = Thread.ofVirtual().name("gathering-output").start(this::send);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        lock.lock();
        try {
            while (gathered.size() >= LIMIT && failure == null) {
                changed.await();
            }
            failIfBroken();
            gathered.write(bytes, offset, length);
            changed.signalAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the client");
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            sender.join();
        } catch (InterruptedException e) {
            sender.interrupt();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the client");
        }
        failIfBroken();
    }

    private void failIfBroken() throws IOException {
        IOException broken = failure;
        if (broken != null) {
            throw new IOException(broken.getMessage(), broken);
        }
    }

    private void send() {
        try {
            for (byte[] next = take(); next.length > 0; next = take()) {
                out.write(next);
            }
        } catch (IOException e) {
            lock.lock();
            try {
                failure = e;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Everything gathered so far, waiting for something; empty at the end. */
    private byte[] take() throws InterruptedException {
        lock.lock();
        try {
            while (gathered.size() == 0 && !closed) {
                changed.await();
            }
            byte[] result = gathered.toByteArray();
            gathered.reset();
            changed.signalAll();
            return result;
        } finally {
            lock.unlock();
        }
    }
}
