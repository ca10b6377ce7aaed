package dev.forno.http.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** A response body of known length, in chunks, or up to the end of the connection. */
final class BodyInput extends InputStream {
    private static final int LINE_LIMIT = 8 * 1024;

    /** How the end of the body is told. */
    enum Framing {
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    private final ChannelInput in;
    private final Framing framing;
    private long remaining;
    private boolean firstChunk = true;
    private boolean ended;

    BodyInput(ChannelInput in, Framing framing, long length) {
        this.in = in;
        this.framing = framing;
        this.remaining = length;
        this.ended = framing == Framing.LENGTH && length == 0;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (framing == Framing.CHUNKED && !ended && remaining == 0) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int wanted = framing == Framing.UNTIL_CLOSE ? length : (int) Math.min(length, remaining);
        int count = in.read(target, offset, wanted);
        if (framing == Framing.UNTIL_CLOSE) {
            ended = count < 0;
            return count;
        }
        if (count < 0) {
            throw new EOFException("read response: the connection ended before the body did");
        }
        remaining -= count;
        ended = framing == Framing.LENGTH && remaining == 0;
        return count;
    }

    @Override
    public int available() {
        if (ended) {
            return 0;
        }
        return framing == Framing.UNTIL_CLOSE ? in.available() : (int) Math.min(in.available(), remaining);
    }

    private void nextChunk() throws IOException {
        if (!firstChunk && !in.line(LINE_LIMIT).isEmpty()) {
            throw new IOException("read response: a chunk does not end where its size says");
        }
        firstChunk = false;
        String line = in.line(LINE_LIMIT);
        int semicolon = line.indexOf(';');
        String size = (semicolon < 0 ? line : line.substring(0, semicolon)).strip();
        try {
            remaining = Long.parseLong(size, 16);
        } catch (NumberFormatException e) {
            throw new IOException("read response: \"" + size + "\" is no chunk size", e);
        }
        if (remaining < 0) {
            throw new IOException("read response: \"" + size + "\" is no chunk size");
        }
        if (remaining == 0) {
            ended = true;
            while (!in.line(LINE_LIMIT).isEmpty()) {
                // Trailers carry nothing that a caller asks for.
            }
        }
    }
}
