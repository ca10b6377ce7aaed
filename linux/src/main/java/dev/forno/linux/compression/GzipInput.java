package dev.forno.linux.compression;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipException;

/**
 * The content of a gzip stream (RFC 1952) of one or several members, each verified by its CRC and length. What follows the
 * last member and is no member itself, such as padding, is ignored. Damage is a {@link ZipException}, a stream that ends
 * too early an {@link EOFException}. How much comes out of it is for the caller to bound. For one thread at a time.
 */
public final class GzipInput extends InputStream {
    private static final int BUFFER = 1 << 17;
    private static final int DEFLATED = 8;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int MAX_TEXT = 1 << 16;

    private final InputStream in;
    private final Inflation inflation;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;
    private long length;
    private State state = State.BEFORE_FIRST;

    private enum State {
        BEFORE_FIRST,
        INSIDE,
        ENDED
    }

    GzipInput(InputStream in, Inflation inflation) {
        this.in = in;
        this.inflation = inflation;
    }

    /** Reads by the fastest implementation there is. Closing it closes {@code in}. */
    public static GzipInput open(InputStream in) {
        return new GzipInput(in, Gzip.inflation());
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
        if (state == State.BEFORE_FIRST) {
            header();
            state = State.INSIDE;
        }
        while (state == State.INSIDE) {
            int n = inflation.inflate(bytes, from, count);
            if (n > 0) {
                length += n;
                return n;
            }
            if (inflation.finished()) {
                endMember();
            } else {
                feed();
            }
        }
        return -1;
    }

    private void feed() throws IOException {
        if (at == end && !fill()) {
            throw new EOFException("the gzip stream ends too early");
        }
        inflation.input(buffer, at, end - at);
        at = end;
    }

    private void endMember() throws IOException {
        at = end - inflation.left();
        long crc = number(4);
        long size = number(4);
        if (crc != Integer.toUnsignedLong(inflation.crc())) {
            throw new ZipException("the gzip stream's CRC is wrong");
        }
        if (size != (length & 0xFFFFFFFFL)) {
            throw new ZipException("the gzip stream's length is wrong");
        }
        if (anotherMember()) {
            inflation.reset();
            length = 0;
            header();
        } else {
            state = State.ENDED;
        }
    }

    /** Whether a member's magic follows. */
    private boolean anotherMember() throws IOException {
        while (end - at < 2) {
            if (at > 0) {
                System.arraycopy(buffer, at, buffer, 0, end - at);
                end -= at;
                at = 0;
            }
            int n = in.read(buffer, end, buffer.length - end);
            if (n < 0) {
                return false;
            }
            end += n;
        }
        return (buffer[at] & 0xff) == 0x1f && (buffer[at + 1] & 0xff) == 0x8b;
    }

    private void header() throws IOException {
        if (number(2) != 0x8b1f) {
            throw new ZipException("not in gzip format");
        }
        if (next() != DEFLATED) {
            throw new ZipException("the gzip stream is compressed by an unknown method");
        }
        int flags = next();
        if ((flags & 0xe0) != 0) {
            throw new ZipException("the gzip header has unknown flags");
        }
        number(6); // time, extra flags, system
        if ((flags & EXTRA) != 0) {
            for (long left = number(2); left > 0; left--) {
                next();
            }
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CRC) != 0) {
            number(2); // of the header alone; what it would tell can't do harm here
        }
    }

    private void skipText() throws IOException {
        for (int i = 0; i < MAX_TEXT; i++) {
            if (next() == 0) {
                return;
            }
        }
        throw new ZipException("the gzip header is too long");
    }

    /** A little-endian number of some bytes. */
    private long number(int bytes) throws IOException {
        long number = 0;
        for (int i = 0; i < bytes; i++) {
            number |= (long) next() << (8 * i);
        }
        return number;
    }

    private int next() throws IOException {
        if (at == end && !fill()) {
            throw new EOFException("the gzip stream ends too early");
        }
        return buffer[at++] & 0xff;
    }

    private boolean fill() throws IOException {
        at = 0;
        end = 0;
        int n = in.read(buffer, 0, buffer.length);
        end = Math.max(0, n);
        return n > 0;
    }

    @Override
    public void close() throws IOException {
        inflation.close();
        in.close();
    }
}
