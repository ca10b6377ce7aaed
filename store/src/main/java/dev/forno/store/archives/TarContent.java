package dev.forno.store.archives;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The content of one entry in the archive's stream, with holes filled in. */
final class TarContent extends InputStream {
    static final TarContent EMPTY = new TarContent(new CountingInput(InputStream.nullInputStream()), 0, 0, null);

    private final CountingInput in;
    private final long size;
    private final @Nullable SparseMap map;
    private long storedLeft;
    private long position;
    private int segment;

    /**
     * Content of {@code stored} bytes in the stream.
     *
     * @param size the length with holes
     * @param map where the stored bytes belong, or null when there are no holes
     */
    TarContent(CountingInput in, long stored, long size, @Nullable SparseMap map) {
        this.in = in;
        this.storedLeft = stored;
        this.size = size;
        this.map = map;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position >= size) {
            return -1;
        }
        long hole = holeHere();
        int n;
        if (hole > 0) {
            n = (int) Math.min(length, hole);
            Arrays.fill(bytes, from, from + n, (byte) 0);
        } else {
            n = readStored(bytes, from, (int) Math.min(length, dataHere()));
        }
        position += n;
        return n;
    }

    @Override
    public int available() throws IOException {
        return (int) Math.min(in.available(), storedLeft);
    }

    /** Passes the data on from the current position and leaves the holes out. */
    void copyTo(TarReader.Sink sink) throws IOException {
        byte[] buffer = new byte[(int) Math.min(1 << 17, Math.max(512, storedLeft))];
        while (position < size) {
            long hole = holeHere();
            if (hole > 0) {
                position += hole;
            } else {
                int n = readStored(buffer, 0, (int) Math.min(buffer.length, dataHere()));
                sink.write(position, buffer, 0, n);
                position += n;
            }
        }
    }

    void skipStored() throws IOException {
        long skipped = storedLeft == 0 ? 0 : in.skip(storedLeft);
        if (skipped < storedLeft) {
            throw ended();
        }
        storedLeft = 0;
        position = size;
    }

    /** The stored pieces in their order. */
    List<TarReader.Segment> segments() {
        if (map == null) {
            return size == 0 ? List.of() : List.of(new TarReader.Segment(0, size));
        }
        List<TarReader.Segment> segments = new ArrayList<>();
        for (int i = 0; i < map.segments(); i++) {
            if (map.length(i) > 0) {
                segments.add(new TarReader.Segment(map.offset(i), map.length(i)));
            }
        }
        return segments;
    }

    /** The bytes of hole at the position. */
    private long holeHere() {
        if (map == null) {
            return 0;
        }
        while (segment < map.segments() && position >= map.offset(segment) + map.length(segment)) {
            segment++;
        }
        long next = segment < map.segments() ? map.offset(segment) : size;
        return Math.max(0, next - position);
    }

    private long dataHere() {
        return map == null ? size - position : map.offset(segment) + map.length(segment) - position;
    }

    private static FornoException ended() {
        return new FornoException(
                ErrorKind.INVALID_ARGUMENT, "read tar archive: it ends inside the content of an entry");
    }

    private int readStored(byte[] bytes, int from, int length) throws IOException {
        int n = in.read(bytes, from, length);
        if (n < 0) {
            storedLeft = 0;
            throw ended();
        }
        storedLeft -= n;
        return n;
    }
}
