package dev.forno.store.indexes;

import java.util.List;

/**
 * The equal pieces into which EROFS cuts a file: of a power of two of bytes, each wholly in one extent or wholly a hole.
 */
final class Chunks {
    /** Blocks of 512 bytes, and 5 bits for the power of two of blocks in a chunk. */
    static final int MIN_BITS = 9;

    private static final int MAX_BITS = MIN_BITS + 31;

    private Chunks() {}

    /** The power of two of the largest chunks that fit the extents. */
    static int bits(long size, List<Extent> extents) {
        long ends = 0;
        for (Extent extent : extents) {
            long end = extent.at() + extent.length();
            ends |= extent.at() | (end == size ? 0 : end);
        }
        int whole = Math.max(MIN_BITS, Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, size - 1)));
        return Math.min(MAX_BITS, ends == 0 ? whole : Math.min(whole, Long.numberOfTrailingZeros(ends)));
    }

    /** How many chunks there are. */
    static long count(long size, List<Extent> extents) {
        return count(size, bits(size, extents));
    }

    static long count(long size, int bits) {
        return size == 0 ? 0 : ((size - 1) >>> bits) + 1;
    }
}
