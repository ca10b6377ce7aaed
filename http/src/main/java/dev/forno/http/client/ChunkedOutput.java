package dev.forno.http.client;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Frames a body of unknown length; small writes are gathered until the buffer is full or flushed. */
final class ChunkedOutput extends OutputStream {
    private static final int SIZE = 32 * 1024;

    private final OutputStream out;
    private final byte[] buffer = new byte[SIZE];
    private int count;

    ChunkedOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        if (count == SIZE) {
            flush();
        }
        buffer[count++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length > SIZE - count) {
            flush();
        }
        if (length >= SIZE) {
            chunk(bytes, offset, length);
        } else {
            System.arraycopy(bytes, offset, buffer, count, length);
            count += length;
        }
    }

    @Override
    public void flush() throws IOException {
        if (count > 0) {
            chunk(buffer, 0, count);
            count = 0;
        }
    }

    /** Sends what is left and the last chunk; a body without it is seen as broken off by the server. */
    void end() throws IOException {
        flush();
        out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    private void chunk(byte[] bytes, int offset, int length) throws IOException {
        out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.write(bytes, offset, length);
        out.write('\r');
        out.write('\n');
    }
}
