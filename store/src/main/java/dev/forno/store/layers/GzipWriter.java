package dev.forno.store.layers;

import dev.forno.linux.compression.Deflation;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;

/**
 * Compresses by gzip in blocks, on several threads at once. The bytes depend on the input alone: neither time nor the
 * number of threads shows. Each block is primed with the end of the one before, so little is lost against one stream.
 */
final class GzipWriter extends OutputStream {
    private static final Deflation DEFLATION = Deflation.fastest();
    private static final int BLOCK = 1 << 18;
    private static final int THREADS = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8);
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
    private static final ExecutorService WORKERS = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().daemon().name("gzip-", 0).factory());

    private final OutputStream out;
    private final CRC32 crc = new CRC32();
    private final Deque<Future<byte[]>> pending = new ArrayDeque<>();
    private byte[] block = new byte[BLOCK];
    private byte[] before = new byte[0];
    private int used;
    private long length;
    private boolean finished;

    /** Writes to {@code out}, which stays the caller's. */
    GzipWriter(OutputStream out) throws IOException {
        this.out = out;
        out.write(HEADER);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        crc.update(bytes, from, count);
        length += count;
        int done = 0;
        while (done < count) {
            if (used == BLOCK) {
                submit(false);
            }
            int n = Math.min(count - done, BLOCK - used);
            System.arraycopy(bytes, from + done, block, used, n);
            used += n;
            done += n;
        }
    }

    private void submit(boolean last) throws IOException {
        byte[] data = block;
        byte[] window = before;
        int size = used;
        pending.add(WORKERS.submit(() -> DEFLATION.deflate(data, size, window, last)));
        before = Arrays.copyOfRange(data, Math.max(0, size - Deflation.WINDOW), size);
        block = new byte[last ? 0 : BLOCK];
        used = 0;
        while (pending.size() > 2 * THREADS || (last && !pending.isEmpty())) {
            writeOldest();
        }
    }

    private void writeOldest() throws IOException {
        try {
            out.write(pending.removeFirst().get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while compressing");
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    /** Writes what is left and the trailer, and flushes. */
    void finish() throws IOException {
        if (!finished) {
            finished = true;
            submit(true);
            long checksum = crc.getValue();
            byte[] trailer = new byte[8];
            for (int i = 0; i < 4; i++) {
                trailer[i] = (byte) (checksum >> (8 * i));
                trailer[i + 4] = (byte) (length >> (8 * i));
            }
            out.write(trailer);
            out.flush();
        }
    }
}
