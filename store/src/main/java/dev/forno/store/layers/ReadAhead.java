package dev.forno.store.layers;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.security.MessageDigest;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream on a thread of its own, some blocks ahead, and hashes it on another, so that what makes the bytes, their
 * digest and what uses them run at once. For one reader. Closing stops and awaits the threads and leaves the stream open;
 * until then nobody else may read it.
 */
final class ReadAhead extends InputStream {
    private static final int BLOCK = 1 << 18;
    private static final int BLOCKS = 6;

    private final InputStream in;
    private final MessageDigest hash;
    private final BlockingQueue<Block> full = new ArrayBlockingQueue<>(BLOCKS + 1);
    private final BlockingQueue<Block> unhashed = new ArrayBlockingQueue<>(BLOCKS + 1);
    private final BlockingQueue<byte[]> empty = new ArrayBlockingQueue<>(BLOCKS);
    private final Runnable exhausted;
    private final Thread reading;

    /** Whether the rest isn't wanted any more. */
    private volatile boolean closed;

    /** Does the hashing from the second block on; there is none for streams of one block. Set before the first is given. */
    private volatile @Nullable Thread hashing;

    private Block current;
    private int at;
    private boolean ended;
    private boolean complete;

    /** How many blocks there are; used by the reading thread alone. */
    private int made;

    /** A piece of the stream; with no bytes its end, by a failure or not. Used again when both of its users are done. */
    private static final class Block {
        private final byte[] bytes;
        private final int length;
        private final @Nullable Throwable failure;
        private final AtomicInteger users;

        Block(byte[] bytes, int length, @Nullable Throwable failure, int users) {
            this.bytes = bytes;
            this.length = length;
            this.failure = failure;
            this.users = new AtomicInteger(users);
        }

        static Block end(@Nullable Throwable failure) {
            return new Block(new byte[0], 0, failure, 1);
        }
    }

    /**
     * Begins to read.
     *
     * @param hash its own from now on
     * @param exhausted called on the reading thread when the stream is at its end or has failed, but not for being closed
     */
    ReadAhead(InputStream in, MessageDigest hash, Runnable exhausted) {
        this.in = in;
        this.hash = hash;
        this.exhausted = exhausted;
        this.current = Block.end(null);
        reading = Thread.ofPlatform().daemon().name("store: read ahead").start(this::work);
    }

    private void work() {
        Block last;
        try {
            readAll();
            last = Block.end(null);
        } catch (IOException | RuntimeException | Error e) {
            last = Block.end(e);
        } catch (InterruptedException e) {
            return; // closed
        }
        if (!closed) {
            exhausted.run();
        }
        unhashed.add(last); // there is always room for it: the queues have one place more than there are blocks
        full.add(last);
    }

    private void readAll() throws IOException, InterruptedException {
        while (true) {
            byte[] bytes = block();
            int n = in.readNBytes(bytes, 0, bytes.length);
            boolean end = n < bytes.length;
            if (n > 0) {
                give(new Block(bytes, n, null, 2), end);
            }
            if (end) {
                return;
            }
        }
    }

    private byte[] block() throws InterruptedException {
        if (made < BLOCKS) {
            made++;
            return new byte[BLOCK];
        }
        return empty.take();
    }

    private void give(Block block, boolean last) throws InterruptedException {
        if (hashing == null && last) {
            hash.update(block.bytes, 0, block.length);
            release(block);
        } else {
            unhashed.put(block);
            if (hashing == null) {
                hashing = Thread.ofPlatform().daemon().name("store: hash").start(this::hashAll);
            }
        }
        full.put(block);
    }

    private void hashAll() {
        try {
            for (Block block = unhashed.take(); block.length > 0; block = unhashed.take()) {
                hash.update(block.bytes, 0, block.length);
                release(block);
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private void release(Block block) {
        if (block.users.decrementAndGet() == 0) {
            empty.add(block.bytes);
        }
    }

    /** The raw digest of the whole stream, which must have been read to its end; once. */
    byte[] digest() throws IOException {
        if (!complete) {
            throw new IllegalStateException("the stream was not read to its end");
        }
        Thread thread = hashing;
        if (thread != null) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }
        return hash.digest();
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
        if (current.length > 0) {
            release(current);
        }
        try {
            current = full.take();
        } catch (InterruptedException e) {
            throw interrupted();
        }
        at = 0;
        ended = current.length == 0;
        switch (current.failure) {
            case null -> {
                complete = ended;
                return !ended;
            }
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while reading");
    }

    @Override
    public int available() {
        return current.length - at;
    }

    @Override
    public void close() {
        closed = true;
        boolean interrupted = stop(reading);
        Thread thread = hashing; // set by the thread that has ended now
        if (thread != null) {
            interrupted |= stop(thread);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean stop(Thread thread) {
        boolean interrupted = false;
        thread.interrupt();
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
    }
}
