package dev.forno.store.indexes;

import dev.forno.store.archives.EntryNames;
import dev.forno.store.archives.TarReader.Segment;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides where the index points for a sparse file. Pieces that lie aligned to blocks, in the file and in the tar, are
 * pointed to; of others the chunks around them are copied to the layer's extra file. The number of chunks is bounded by
 * what the tar has for the file, so that a small tar can't make a huge index.
 */
final class SparsePlan {
    private static final int BLOCK = 512;
    private static final long MAX_SIZE = 1L << 44;
    private static final long FEW_CHUNKS = 4096;
    private static final long CHUNKS_OF_ALIGNED_SEGMENT = 64;

    private final long size;
    private final List<Segment> segments;
    private final long contentAt;
    private final List<Extent> extents = new ArrayList<>();
    private long extraEnd;

    /**
     * Plans a file.
     *
     * @param segments the stored pieces, ascending, none empty
     * @param contentAt where their bytes begin in the tar
     * @param extraEnd the end of the extra file so far, a multiple of 512
     */
    SparsePlan(String entry, long size, List<Segment> segments, long contentAt, long extraEnd) {
        if (size > MAX_SIZE) {
            throw EntryNames.refused(entry, "a sparse file of " + size + " bytes, the limit is " + MAX_SIZE);
        }
        this.size = size;
        this.segments = segments;
        this.contentAt = contentAt;
        this.extraEnd = extraEnd;
        if (segments.isEmpty()) {
            return;
        }
        if (!pointedTo()) {
            copied();
        }
    }

    /** The file's extents, ascending; neighbours that continue each other are one. */
    List<Extent> extents() {
        return List.copyOf(extents);
    }

    /** The end of the extra file with this file's pieces. */
    long extraEnd() {
        return extraEnd;
    }

    /** Points to every segment where it is, if all of them allow it without too many chunks. */
    private boolean pointedTo() {
        long offset = 0;
        for (Segment segment : segments) {
            if (!isAligned(segment, offset)) {
                return false;
            }
            offset += segment.length();
        }
        offset = contentAt;
        for (Segment segment : segments) {
            add(new Extent(segment.at(), segment.length(), false, offset));
            offset += segment.length();
        }
        if (Chunks.count(size, extents) <= Math.max(FEW_CHUNKS, CHUNKS_OF_ALIGNED_SEGMENT * segments.size())) {
            return true;
        }
        extents.clear();
        return false;
    }

    private boolean isAligned(Segment segment, long offset) {
        long end = segment.at() + segment.length();
        return segment.at() % BLOCK == 0 && offset % BLOCK == 0 && (end % BLOCK == 0 || end == size);
    }

    /** Cuts the file into chunks and copies those that aren't aligned data or hole as a whole. */
    private void copied() {
        int bits = Chunks.MIN_BITS;
        while (Chunks.count(size, bits) > Math.max(FEW_CHUNKS, segments.size())) {
            bits++;
        }
        long chunk = 1L << bits;
        long offset = 0;
        long done = 0; // the end of the last chunk that was dealt with
        for (Segment segment : segments) {
            long end = segment.at() + segment.length();
            for (long at = Math.max(done, segment.at() & -chunk); at < end; at = done) {
                long length = Math.min(chunk, size - at);
                long within = offset + at - segment.at();
                boolean whole = at >= segment.at() && at + length <= end && within % BLOCK == 0;
                add(whole ? new Extent(at, length, false, contentAt + within) : extra(at, length));
                done = at + length;
            }
            offset += segment.length();
        }
    }

    private Extent extra(long at, long length) {
        Extent extent = new Extent(at, length, true, extraEnd);
        extraEnd += (length + BLOCK - 1) & -BLOCK;
        return extent;
    }

    private void add(Extent next) {
        Extent last = extents.isEmpty() ? null : extents.getLast();
        if (last != null
                && last.extra() == next.extra()
                && last.at() + last.length() == next.at()
                && last.offset() + last.length() == next.offset()) {
            extents.set(
                    extents.size() - 1,
                    new Extent(last.at(), last.length() + next.length(), last.extra(), last.offset()));
        } else {
            extents.add(next);
        }
    }
}
