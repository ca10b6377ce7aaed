package dev.forno.store.indexes;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a directory in blocks: in each first all records of 12 bytes, then the names. Names are sorted by their
 * bytes over all blocks (on-disk format, "Directories").
 */
final class ErofsDirectory {
    private static final int RECORD = 12;
    private static final byte[] SELF = {'.'};
    private static final byte[] PARENT = {'.', '.'};

    private static final class Entry {
        final byte[] name;

        /** What is in the directory; null for its own two entries. */
        final @Nullable MergedNode node;

        ErofsInode inode;

        Entry(byte[] name, @Nullable MergedNode node, ErofsInode inode) {
            this.name = name;
            this.node = node;
            this.inode = inode;
        }
    }

    private final List<Entry> entries = new ArrayList<>();

    /** The index of the first entry of every block, and one behind the last. */
    private final List<Integer> blocks = new ArrayList<>();

    private final long size;

    /** The entries that the directory will have. */
    ErofsDirectory(ErofsInode self) {
        entries.add(new Entry(SELF, null, self));
        entries.add(new Entry(PARENT, null, self.parent));
        self.node.children.forEach((name, node) -> entries.add(new Entry(name, node, self)));
        entries.sort((a, b) -> Node.BY_BYTES.compare(a.name, b.name));
        int used = ErofsIndex.BLOCK;
        for (int i = 0; i < entries.size(); i++) {
            int bytes = RECORD + entries.get(i).name.length;
            if (used + bytes > ErofsIndex.BLOCK) {
                blocks.add(i);
                used = 0;
            }
            used += bytes;
        }
        size = (blocks.size() - 1L) * ErofsIndex.BLOCK + used;
        blocks.add(entries.size());
    }

    /** The bytes of all blocks, the last only as far as it is filled. */
    long size() {
        return size;
    }

    /** Sets the inodes of what is in the directory; must be done before it is written. */
    void resolve(Function<MergedNode, ErofsInode> inodes) {
        for (Entry entry : entries) {
            if (entry.node != null) {
                entry.inode = inodes.apply(entry.node);
            }
        }
    }

    /** The directories in it. */
    List<ErofsInode> subdirectories() {
        return entries.stream()
                .filter(entry -> entry.node != null && entry.node.isDirectory())
                .map(entry -> entry.inode)
                .toList();
    }

    /** Writes a block, without the unused bytes behind it. */
    void write(int block, LittleEndian out, ErofsLayout layout) throws IOException {
        List<Entry> some = entries.subList(blocks.get(block), blocks.get(block + 1));
        int nameAt = RECORD * some.size();
        for (Entry entry : some) {
            out.u64(layout.nid(entry.inode));
            out.u16(nameAt);
            out.u8(entry.inode.direntType());
            out.u8(0);
            nameAt += entry.name.length;
        }
        for (Entry entry : some) {
            out.bytes(entry.name);
        }
    }
}
