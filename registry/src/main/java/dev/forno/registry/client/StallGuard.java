package dev.forno.registry.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Closes a stream from which nothing came for too long, so that its reader gets an exception instead of waiting on. */
final class StallGuard implements AutoCloseable {
    private final InputStream stream;
    private final Thread watcher;
    private volatile long lastRead = System.nanoTime();
    private volatile boolean stalled;

    StallGuard(InputStream in, Duration limit) {
        this.stream = new Watched(in);
        this.watcher = Thread.ofVirtual().start(() -> watch(in, limit));
    }

    InputStream stream() {
        return stream;
    }

    private void watch(InputStream in, Duration limit) {
        try {
            while (true) {
                long quiet = System.nanoTime() - lastRead;
                if (quiet >= limit.toNanos()) {
                    stalled = true;
                    in.close();
                    return;
                }
                Thread.sleep(limit.minusNanos(quiet));
            }
        } catch (InterruptedException e) {
            // The reader is done.
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // Closed by the reader at the same time.
            return;
        }
    }

    @Override
    public void close() {
        watcher.interrupt();
    }

    private final class Watched extends FilterInputStream {
        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                int n = super.read(buffer, offset, length);
                lastRead = System.nanoTime();
                if (n < 0 && stalled) {
                    throw new IOException("nothing arrived for too long");
                }
                return n;
            } catch (IOException e) {
                throw stalled ? new IOException("nothing arrived for too long", e) : e;
            }
        }
    }
}
