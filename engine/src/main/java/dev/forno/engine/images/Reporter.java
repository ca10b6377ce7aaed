package dev.forno.engine.images;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Hands progress from many threads to one listener, call by call; byte counts not more often than worth showing. */
final class Reporter {
    private static final long STEP_BYTES = 512 << 10;

    private final Progress.Listener listener;
    private final ReentrantLock lock = new ReentrantLock();

    Reporter(Progress.Listener listener) {
        this.listener = listener;
    }

    void status(@Nullable String id, String status) {
        report(new Progress.Status(id, status));
    }

    void text(String text) {
        report(new Progress.Text(text));
    }

    void report(Progress progress) {
        lock.lock();
        try {
            listener.on(progress);
        } finally {
            lock.unlock();
        }
    }

    /** Counts bytes of one object; for one thread at a time. */
    Counter counter(String id, String status, long total) {
        return new Counter(id, status, total);
    }

    final class Counter {
        private final String id;
        private final String status;
        private final long total;
        private long reported = -STEP_BYTES;

        private Counter(String id, String status, long total) {
            this.id = id;
            this.status = status;
            this.total = total;
        }

        /** Tells that {@code current} bytes are done. */
        void at(long current) {
            if (current - reported >= STEP_BYTES || current == total || current < reported) {
                reported = current;
                report(new Progress.Bytes(id, status, current, total));
            }
        }
    }
}
