package dev.forno.dockerapi.requests;

import dev.forno.engine.containers.Attachment.OutputSink;
import dev.forno.engine.containers.StreamKind;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Output of a process on one connection: with a terminal as it is, otherwise each piece behind a head of eight bytes that
 * tells its stream (1 standard output, 2 standard error) and its length (the last four, big-endian).
 */
public final class StreamFrames implements OutputSink {
    private static final int HEAD = 8;

    private final OutputStream out;
    private final boolean raw;

    /** Frames onto {@code out}; {@code raw} for a terminal. */
    public StreamFrames(OutputStream out, boolean raw) {
        this.out = out;
        this.raw = raw;
    }

    /** The media type, which clients from 1.42 on rely on. */
    public static String contentType(boolean raw, ApiVersion version) {
        return raw || !version.atLeast(42)
                ? "application/vnd.docker.raw-stream"
                : "application/vnd.docker.multiplexed-stream";
    }

    @Override
    public void write(StreamKind stream, byte[] buffer, int offset, int length) throws IOException {
        if (raw) {
            out.write(buffer, offset, length);
            return;
        }
        byte[] frame = new byte[HEAD + length];
        frame[0] = switch (stream) {
            case STDOUT -> 1;
            case STDERR -> 2;
        };
        for (int i = 0; i < Integer.BYTES; i++) {
            frame[HEAD - 1 - i] = (byte) (length >>> (8 * i));
        }
        System.arraycopy(buffer, offset, frame, HEAD, length);
        out.write(frame);
    }
}
