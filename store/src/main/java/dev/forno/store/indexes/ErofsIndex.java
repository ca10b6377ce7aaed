package dev.forno.store.indexes;

import dev.forno.store.failures.Failures;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Writes a tree as an EROFS image that holds the metadata only: superblock, device table, inodes, directories, attributes.
 * The contents are chunks that point into the tree's {@link MergedTree#devices}, by blocks of 512 bytes, the unit of tar;
 * such images mount since Linux 6.4 (on-disk format: https://erofs.docs.kernel.org, "Core on-disk format").
 */
public final class ErofsIndex {
    static final int BLOCK = 512;
    static final int CHUNK_BYTES = 8;

    private static final long HOLE = 0xFFFFFFFFL;

    private final MergedTree tree;
    private final ErofsLayout layout;
    private final LittleEndian out;

    private ErofsIndex(MergedTree tree, OutputStream out) {
        this.tree = tree;
        this.layout = new ErofsLayout(tree);
        this.out = new LittleEndian(out);
    }

    /**
     * Writes the index in one pass from its first byte; the same tree gives the same bytes. The stream is buffered here
     * and flushed, not closed.
     */
    public static void write(MergedTree tree, OutputStream out) {
        try {
            new ErofsIndex(tree, out).write();
        } catch (IOException e) {
            throw Failures.of("write EROFS index", e);
        }
    }

    private void write() throws IOException {
        ErofsSuperblock.write(out, layout, tree.devices(), TreeIdentity.uuid(tree));
        out.zerosTo(layout.sharedAt);
        layout.xattrs.writeShared(out);
        int[] devices = deviceIds();
        for (ErofsInode inode : layout.inodes) {
            out.zerosTo(inode.position);
            inode.write(out, layout);
            layout.xattrs.writeInline(inode.node.attributes, out);
            behind(inode, devices);
        }
        out.zerosTo(layout.dataAt);
        for (ErofsInode inode : layout.inodes) {
            data(inode);
        }
        out.zerosTo(layout.end);
        out.flush();
    }

    /** The number of each layer's tar and extra file in the device table, counted from one. */
    private int[] deviceIds() {
        List<MergedTree.Device> devices = tree.devices();
        int last = devices.isEmpty() ? -1 : devices.getLast().layer();
        int[] ids = new int[(last + 1) * 2];
        for (int i = 0; i < devices.size(); i++) {
            ids[slot(devices.get(i).layer(), devices.get(i).extra())] = i + 1;
        }
        return ids;
    }

    private static int slot(int layer, boolean extra) {
        return layer * 2 + (extra ? 1 : 0);
    }

    /** What follows an inode and its attributes: the chunk map, or the end of the data. */
    private void behind(ErofsInode inode, int[] devices) throws IOException {
        switch (inode.layout) {
            case ErofsInode.CHUNKS -> chunks(inode, devices);
            case ErofsInode.INLINE -> {
                if (inode.node.isDirectory()) {
                    inode.entries().write((int) inode.wholeBlocks(), out, layout);
                } else {
                    byte[] target = inode.node.file.target;
                    out.bytes(target, target.length - inode.tailBytes(), inode.tailBytes());
                }
            }
            default -> {}
        }
    }

    private void chunks(ErofsInode inode, int[] devices) throws IOException {
        out.zerosTo(ErofsLayout.up(out.position(), CHUNK_BYTES));
        List<Extent> extents = inode.node.file.extents();
        int bits = inode.chunkBits();
        long count = Chunks.count(inode.size, bits);
        int current = 0;
        for (long i = 0; i < count; i++) {
            long at = i << bits;
            while (current < extents.size() && end(extents.get(current)) <= at) {
                current++;
            }
            out.u16(0);
            if (current < extents.size() && extents.get(current).at() <= at) {
                Extent extent = extents.get(current);
                out.u16(devices[slot(inode.node.layer, extent.extra())]);
                out.u32((extent.offset() + at - extent.at()) / BLOCK);
            } else {
                out.u16(0);
                out.u32(HOLE);
            }
        }
    }

    private static long end(Extent extent) {
        return extent.at() + extent.length();
    }

    /** The blocks of a file that don't follow its inode, each filled up with zeros. */
    private void data(ErofsInode inode) throws IOException {
        byte[] target = inode.node.file.target;
        for (int block = 0; block < inode.wholeBlocks(); block++) {
            if (inode.node.isDirectory()) {
                inode.entries().write(block, out, layout);
            } else {
                out.bytes(target, block * BLOCK, Math.min(BLOCK, target.length - block * BLOCK));
            }
            out.zerosTo(ErofsLayout.align(out.position()));
        }
    }
}
