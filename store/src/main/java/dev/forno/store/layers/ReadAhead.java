package dev.forno.store.layers;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream on a thread of its own, some blocks ahead, so that what makes the bytes and what uses them run at once.
 * For one reader. Closing stops and awaits the thread and leaves the stream open; until then nobody else may read it.
 */
final class ReadAhead extends InputStream {
    private static final int BLOCK = 1 << 18;
    private static final int BLOCKS = 4;

    private final InputStream in;
    private final BlockingQueue<Block> full = new ArrayBlockingQueue<>(BLOCKS + 1);
    private final BlockingQueue<byte[]> empty = new ArrayBlockingQueue<>(BLOCKS);
    private final Thread thread;
    private Block current = Block.END;
    private int at;
    private boolean ended;

    /** How many blocks there are; used by the thread alone. */
    private int made;

    /** A piece of the stream; with no bytes its end, by a failure or not. */
    private static final class Block {
        private static final Block END = new Block(new byte[0], 0, null);

        private final byte[] bytes;
        private final int length;
        private final @Nullable Throwable failure;

        Block(byte[] bytes, int length, @Nullable Throwable failure) {
            this.bytes = bytes;
            this.length = length;
            this.failure = failure;
        }
    }

    ReadAhead(InputStream in) {
        this.in = in;
        thread = Thread.ofPlatform().daemon().name("store: read ahead").start(this::work);
    }

    private void work() {
        Block last;
        try {
            last = readAll();
        } catch (IOException | RuntimeException | Error e) {
            last = new Block(new byte[0], 0, e);
        } catch (InterruptedException e) {
            return; // closed
        }
        full.add(last); // there is always room for it: the queue has one place more than there are blocks
    }

    private byte[] block() throws InterruptedException {
        if (made < BLOCKS) {
            made++;
            return new byte[BLOCK];
        }
        return empty.take();
    }

    private Block readAll() throws IOException, InterruptedException {
        while (true) {
            byte[] bytes = block();
            int n = in.readNBytes(bytes, 0, bytes.length);
            if (n > 0) {
                full.put(new Block(bytes, n, null));
            }
            if (n < bytes.length) {
                return Block.END;
            }
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        if (at == current.length && !next()) {
            return -1;
        }
        int n = Math.min(count, current.length - at);
        System.arraycopy(current.bytes, at, bytes, from, n);
        at += n;
        return n;
    }

    private boolean next() throws IOException {
        if (ended) {
            return false;
        }
        try {
            if (current.length > 0) {
                empty.put(current.bytes);
            }
            current = full.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading");
        }
        at = 0;
        ended = current.length == 0;
        switch (current.failure) {
            case null -> {
                return !ended;
            }
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    @Override
    public int available() {
        return current.length - at;
    }

    @Override
    public void close() {
        boolean interrupted = false;
        thread.interrupt();
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
