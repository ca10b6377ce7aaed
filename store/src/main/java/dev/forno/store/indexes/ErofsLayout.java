package dev.forno.store.indexes;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the place of everything in the index: superblock, device table, shared attributes, inodes, blocks of data. The
 * inodes of one directory lie together.
 */
final class ErofsLayout {
    /** Kernels first look at a device by pages, and fail when it has no whole one. */
    private static final int WHOLE_PAGE = 4096;

    final List<ErofsInode> inodes = new ArrayList<>();
    final ErofsXattrs xattrs = new ErofsXattrs();

    /** The time that most files have, which compact inodes take. */
    final Instant time;

    final long sharedAt;
    final long inodesAt;
    final long dataAt;
    final long end;

    /** The inodes of files with several names. */
    private final Map<MergedNode, ErofsInode> linked = new HashMap<>();

    private long next;
    private long blocks;

    ErofsLayout(MergedTree tree) {
        Map<Instant, Integer> times = new HashMap<>();
        survey(tree.node(), times, new HashSet<>());
        time = mostFrequent(times);
        xattrs.share();
        sharedAt = align(ErofsSuperblock.bytes(tree.devices().size()));
        inodesAt = align(sharedAt + xattrs.sharedBytes());
        next = inodesAt;
        fill(inode(tree.node(), null));
        dataAt = align(next);
        end = up(dataAt + blocks * ErofsIndex.BLOCK, WHOLE_PAGE);
    }

    /** The number of an inode: its place in slots from the block before the first inode, so that none is zero. */
    long nid(ErofsInode inode) {
        return (inode.position - metaBlock() * ErofsIndex.BLOCK) / ErofsInode.SLOT;
    }

    long metaBlock() {
        return inodesAt / ErofsIndex.BLOCK - 1;
    }

    /** The address of the first block of a file's data that doesn't follow the inode. */
    long blockAddress(ErofsInode inode) {
        return inode.wholeBlocks() == 0 ? 0 : dataAt / ErofsIndex.BLOCK + inode.block;
    }

    private void survey(MergedNode node, Map<Instant, Integer> times, Set<MergedNode> seen) {
        xattrs.count(node.attributes);
        times.merge(node.attributes.modified(), 1, Integer::sum);
        for (MergedNode child : node.children.values()) {
            if (child.isDirectory() || child.links == 1 || seen.add(child)) {
                survey(child, times, seen);
            }
        }
    }

    private static Instant mostFrequent(Map<Instant, Integer> times) {
        return times.entrySet().stream()
                .max(Map.Entry.<Instant, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElse(Instant.EPOCH);
    }

    private void fill(ErofsInode directory) {
        directory.entries().resolve(node -> {
            ErofsInode known = node.links > 1 ? linked.get(node) : null;
            return known != null ? known : inode(node, directory);
        });
        directory.entries().subdirectories().forEach(this::fill);
    }

    private ErofsInode inode(MergedNode node, @Nullable ErofsInode parent) {
        ErofsInode inode =
                new ErofsInode(node, parent, inodes.size() + 1, isCompact(node), xattrs.inlineBytes(node.attributes));
        if (!node.isDirectory() && node.links > 1) {
            linked.put(node, inode);
        }
        inodes.add(inode);
        place(inode);
        return inode;
    }

    private boolean isCompact(MergedNode node) {
        Node attributes = node.attributes;
        return (attributes.uid >>> 16) == 0
                && (attributes.gid >>> 16) == 0
                && (node.links >>> 16) == 0
                && (node.file.size >>> 32) == 0
                && attributes.seconds == time.getEpochSecond()
                && attributes.nanos == time.getNano();
    }

    private void place(ErofsInode inode) {
        int body = 0;
        switch (inode.node.file.kind) {
            case FILE -> body = placeContent(inode);
            case DIRECTORY, SYMLINK -> placeData(inode);
            case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, WHITEOUT -> inode.position = next;
        }
        next = up(inode.position + inode.headBytes(), 8) + body + inode.tailBytes();
        next = up(next, ErofsInode.SLOT);
    }

    /** Returns the bytes of the chunk map, which follows the inode. */
    private int placeContent(ErofsInode inode) {
        Node file = inode.node.file;
        inode.position = next;
        inode.size = file.size;
        inode.layout = file.size == 0 ? ErofsInode.PLAIN : ErofsInode.CHUNKS;
        return Math.toIntExact(Chunks.count(file.size, file.extents()) * ErofsIndex.CHUNK_BYTES);
    }

    /** The end of the data follows the inode if it fits into a block with it; the inode moves on until it does. */
    private void placeData(ErofsInode inode) {
        Node file = inode.node.file;
        inode.size = file.isDirectory() ? inode.makeEntries().size() : file.target.length;
        inode.layout = ErofsInode.INLINE;
        long position = next;
        for (int i = 0; i < ErofsIndex.BLOCK / ErofsInode.SLOT; i++) {
            long tail = (position + inode.headBytes()) % ErofsIndex.BLOCK;
            if (tail + inode.tailBytes() <= ErofsIndex.BLOCK) {
                break;
            }
            position += ErofsInode.SLOT;
        }
        if ((position + inode.headBytes()) % ErofsIndex.BLOCK + inode.tailBytes() > ErofsIndex.BLOCK) {
            inode.layout = ErofsInode.PLAIN;
            position = next;
        }
        inode.position = position;
        inode.block = blocks;
        blocks += inode.wholeBlocks();
    }

    static long align(long position) {
        return up(position, ErofsIndex.BLOCK);
    }

    static long up(long position, int unit) {
        return (position + unit - 1) & -unit;
    }
}
