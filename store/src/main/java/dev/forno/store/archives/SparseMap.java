package dev.forno.store.archives;

import java.util.Arrays;

/**
 * Where the stored data of a sparse file belongs: pairs of offset and length in ascending order, holes between them.
 * Bounded, since a map is held in memory.
 */
final class SparseMap {
    private static final int MAX_SEGMENTS = 1 << 20;

    private long[] pairs = new long[8];
    private int used;

    void add(long offset, long length) {
        if (used / 2 >= MAX_SEGMENTS) {
            throw new MalformedTarException("more than " + MAX_SEGMENTS + " segments in a sparse file");
        }
        if (used == pairs.length) {
            pairs = Arrays.copyOf(pairs, used * 2);
        }
        pairs[used++] = offset;
        pairs[used++] = length;
    }

    int segments() {
        return used / 2;
    }

    long offset(int segment) {
        return pairs[segment * 2];
    }

    long length(int segment) {
        return pairs[segment * 2 + 1];
    }

    /** Checks that the segments ascend inside the file and that their lengths make up what is stored. */
    void check(long realSize, long storedSize) {
        long end = 0;
        long total = 0;
        for (int i = 0; i < segments(); i++) {
            if (offset(i) < end || length(i) < 0 || offset(i) > realSize - length(i)) {
                throw new MalformedTarException("the segments of a sparse file overlap or exceed its size");
            }
            end = offset(i) + length(i);
            total += length(i);
        }
        if (total != storedSize) {
            throw new MalformedTarException(
                    "the segments of a sparse file have " + total + " bytes, but " + storedSize + " are stored");
        }
    }
}
