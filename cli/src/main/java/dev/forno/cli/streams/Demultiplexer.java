package dev.forno.cli.streams;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Splits a multiplexed stream: each frame has a head of eight bytes (the stream's number, three zeros, the length in big
 * endian) and its bytes. Every frame is flushed, so that output appears when it happens.
 */
public final class Demultiplexer {
    private static final int HEAD = 8;

    private Demultiplexer() {}

    /**
     * Copies frames until the stream ends.
     *
     * @throws IOException when the stream breaks within a frame or has no frames
     */
    public static void copy(InputStream in, OutputStream out, OutputStream err) throws IOException {
        byte[] buffer = new byte[32 * 1024];
        while (true) {
            int head = in.readNBytes(buffer, 0, HEAD);
            if (head == 0) {
                return;
            }
            if (head < HEAD) {
                throw new EOFException("read stream: it ends within the head of a frame");
            }
            int number = buffer[0] & 0xff;
            long left = ((buffer[4] & 0xffL) << 24)
                    | ((buffer[5] & 0xff) << 16)
                    | ((buffer[6] & 0xff) << 8)
                    | (buffer[7] & 0xff);
            OutputStream target =
                    switch (number) {
                        case 0, 1 -> out;
                        case 2 -> err;
                        case 3 ->
                            throw new IOException("error from daemon in stream: "
                                    + new String(
                                            in.readNBytes((int) Math.min(left, 64 * 1024)),
                                            java.nio.charset.StandardCharsets.UTF_8));
                        default -> throw new IOException("read stream: unrecognized stream: " + number);
                    };
            while (left > 0) {
                int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (count < 0) {
                    throw new EOFException("read stream: it ends within a frame");
                }
                target.write(buffer, 0, count);
                left -= count;
            }
            target.flush();
        }
    }

    /** Copies bytes as they come, flushing each read. */
    public static void copyRaw(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[32 * 1024];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            out.write(buffer, 0, count);
            out.flush();
        }
    }
}
