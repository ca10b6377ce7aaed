package dev.forno.store.indexes;

import dev.forno.linux.files.Flags;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A file's place and form in the index. */
final class ErofsInode {
    /** Inodes begin at multiples of this. */
    static final int SLOT = 32;

    /** Data layouts: all data in blocks of its own, its end behind the inode, pieces of other devices. */
    static final int PLAIN = 0;

    static final int INLINE = 2;
    static final int CHUNKS = 4;

    private static final int COMPACT_BYTES = 32;
    private static final int EXTENDED_BYTES = 64;
    private static final int WITH_DEVICES = 0x20;

    final MergedNode node;
    final ErofsInode parent;
    private final int number;
    private final boolean compact;
    private final int xattrBytes;

    /** The bytes of the file; of a directory those of its entries. */
    long size;

    int layout = PLAIN;

    /** Where the inode begins in the index. */
    long position;

    /** The first block of what doesn't follow the inode, counted from the start of the blocks of data. */
    long block;

    private @Nullable ErofsDirectory entries;

    ErofsInode(MergedNode node, @Nullable ErofsInode parent, int number, boolean compact, int xattrBytes) {
        this.node = node;
        this.parent = parent == null ? this : parent;
        this.number = number;
        this.compact = compact;
        this.xattrBytes = xattrBytes;
    }

    ErofsDirectory makeEntries() {
        entries = new ErofsDirectory(this);
        return entries;
    }

    /** A directory's entries. */
    ErofsDirectory entries() {
        return Objects.requireNonNull(entries);
    }

    /** The bytes of the inode with its attributes. */
    int headBytes() {
        return (compact ? COMPACT_BYTES : EXTENDED_BYTES) + xattrBytes;
    }

    /** The bytes at the end of the data that follow the inode; what comes before them, in whole blocks, lies elsewhere. */
    int tailBytes() {
        return layout == INLINE ? (int) (size - wholeBlocks() * ErofsIndex.BLOCK) : 0;
    }

    /** The blocks of data that don't follow the inode. */
    long wholeBlocks() {
        return switch (layout) {
            case INLINE -> (size - 1) / ErofsIndex.BLOCK;
            case PLAIN -> (size + ErofsIndex.BLOCK - 1) / ErofsIndex.BLOCK;
            default -> 0;
        };
    }

    /** Writes the inode without its attributes, at its position. */
    void write(LittleEndian out, ErofsLayout places) throws IOException {
        Node attributes = node.attributes;
        out.u16(layout << 1 | (compact ? 0 : 1));
        out.u16(ErofsXattrs.count(xattrBytes));
        out.u16(typeBits() | attributes.mode);
        if (compact) {
            out.u16(node.links);
            out.u32(size);
            out.u32(0);
            out.u32(union(places));
            out.u32(number);
            out.u16(attributes.uid);
            out.u16(attributes.gid);
            out.u32(0);
        } else {
            out.u16(0);
            out.u64(size);
            out.u32(union(places));
            out.u32(number);
            out.u32(attributes.uid);
            out.u32(attributes.gid);
            out.u64(attributes.seconds);
            out.u32(attributes.nanos);
            out.u32(node.links);
            out.u64(0);
            out.u64(0);
        }
    }

    /** The field whose meaning depends on the type. */
    private long union(ErofsLayout places) {
        return switch (node.file.kind) {
            case CHARACTER_DEVICE, BLOCK_DEVICE -> device();
            case FILE -> layout == CHUNKS ? WITH_DEVICES | (chunkBits() - Chunks.MIN_BITS) : 0;
            case DIRECTORY, SYMLINK -> places.blockAddress(this);
            case FIFO, WHITEOUT -> 0;
        };
    }

    int chunkBits() {
        return Chunks.bits(size, node.file.extents());
    }

    private int typeBits() {
        return switch (node.file.kind) {
            case FILE -> Flags.S_IFREG;
            case DIRECTORY -> Flags.S_IFDIR;
            case SYMLINK -> Flags.S_IFLNK;
            case CHARACTER_DEVICE -> Flags.S_IFCHR;
            case BLOCK_DEVICE -> Flags.S_IFBLK;
            case FIFO -> Flags.S_IFIFO;
            case WHITEOUT -> throw new IllegalStateException("a whiteout in a merged tree");
        };
    }

    /** The type as directories have it. */
    int direntType() {
        return switch (node.file.kind) {
            case FILE -> 1;
            case DIRECTORY -> 2;
            case CHARACTER_DEVICE -> 3;
            case BLOCK_DEVICE -> 4;
            case FIFO -> 5;
            case SYMLINK -> 7;
            case WHITEOUT -> throw new IllegalStateException("a whiteout in a merged tree");
        };
    }

    /** A device's number in the kernel's 32-bit form (new_encode_dev). */
    private long device() {
        int major = node.file.major;
        int minor = node.file.minor;
        return ((minor & 0xff) | ((long) (major & 0xfff) << 8) | ((minor & ~0xffL) << 12)) & 0xFFFFFFFFL;
    }
}
