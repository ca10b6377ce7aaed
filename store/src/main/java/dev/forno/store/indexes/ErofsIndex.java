package dev.forno.store.indexes;

import java.io.OutputStream;

/**
 * Writes a tree as an EROFS image that holds the metadata only: superblock, device table, inodes, directories, attributes.
 * The contents are chunks that point into the tree's {@link MergedTree#devices}, by blocks of 512 bytes, the unit of tar;
 * such images mount since Linux 6.4 (on-disk format: https://erofs.docs.kernel.org, "Core on-disk format").
 */
public final class ErofsIndex {
    private ErofsIndex() {}

    /**
     * Writes the index in one pass from its first byte; the same tree gives the same bytes. The stream is buffered here
     * and flushed, not closed.
     *
     * @throws dev.forno.oci.FornoException {@code RESOURCE_EXHAUSTED} when the tree is too large for the format
     */
    public static void write(MergedTree tree, OutputStream out) {
        if (tree.entries() >= 0) {
            Pending.of();
        }
    }
}
