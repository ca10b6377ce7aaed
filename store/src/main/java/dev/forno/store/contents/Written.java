package dev.forno.store.contents;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How far a file is written, for those who read it meanwhile. Thread-safe: one writes, many may wait. */
final class Written {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long length;
    private int generation;
    private boolean complete;
    private boolean givenUp;

    /** All bytes before {@code newLength} are in the file. */
    void grown(long newLength) {
        change(() -> length = newLength);
    }

    /** What was written so far is void. */
    void restarted() {
        change(() -> {
            length = 0;
            generation++;
        });
    }

    /** Nothing more will come, and what is there is right. */
    void completed() {
        change(() -> complete = true);
    }

    /** Nothing more will come. Without effect when it is complete. */
    void givenUp() {
        change(() -> givenUp = true);
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

    /** Which of the attempts to write is going on. */
    int generation() {
        lock.lock();
        try {
            return generation;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until there is more than {@code position} bytes, and returns how many there are; exactly {@code position}
     * when the file is complete.
     *
     * @throws IOException when it was given up, or started again since {@code since}
     */
    long awaitMore(long position, int since) throws IOException {
        lock.lock();
        try {
            while (true) {
                if (generation != since) {
                    throw new IOException("the content that was being read is written anew");
                }
                if (length > position || complete) {
                    return length;
                }
                if (givenUp) {
                    throw new IOException("the writing of the content broke off after " + length + " bytes");
                }
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for content");
        } finally {
            lock.unlock();
        }
    }
}
