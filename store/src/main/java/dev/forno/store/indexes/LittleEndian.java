package dev.forno.store.indexes;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Writes numbers lowest byte first and knows the position. */
final class LittleEndian {
    private final OutputStream out;
    private final byte[] buffer = new byte[1 << 16];
    private int used;
    private long flushed;

    LittleEndian(OutputStream out) {
        this.out = out;
    }

    long position() {
        return flushed + used;
    }

    void u8(int value) throws IOException {
        room(1);
        buffer[used++] = (byte) value;
    }

    void u16(int value) throws IOException {
        number(value, 2);
    }

    void u32(long value) throws IOException {
        number(value, 4);
    }

    void u64(long value) throws IOException {
        number(value, 8);
    }

    private void number(long value, int bytes) throws IOException {
        room(bytes);
        for (int i = 0; i < bytes; i++) {
            buffer[used++] = (byte) (value >>> (8 * i));
        }
    }

    void bytes(byte[] bytes) throws IOException {
        bytes(bytes, 0, bytes.length);
    }

    void bytes(ByteBuffer bytes) throws IOException {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        bytes(copy);
    }

    void bytes(byte[] bytes, int from, int length) throws IOException {
        int done = 0;
        while (done < length) {
            room(1);
            int count = Math.min(length - done, buffer.length - used);
            System.arraycopy(bytes, from + done, buffer, used, count);
            used += count;
            done += count;
        }
    }

    /** Writes zeros up to a position. */
    void zerosTo(long position) throws IOException {
        if (position < position()) {
            throw new IllegalStateException("wrote up to " + position() + ", beyond " + position);
        }
        long left = position - position();
        while (left > 0) {
            room(1);
            int count = (int) Math.min(left, buffer.length - used);
            Arrays.fill(buffer, used, used + count, (byte) 0);
            used += count;
            left -= count;
        }
    }

    private void room(int bytes) throws IOException {
        if (used + bytes > buffer.length) {
            drain();
        }
    }

    private void drain() throws IOException {
        out.write(buffer, 0, used);
        flushed += used;
        used = 0;
    }

    void flush() throws IOException {
        drain();
        out.flush();
    }
}
