package dev.forno.store.indexes;

import dev.forno.linux.files.FileNames;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Writes layer trees: a magic number, the version, the totals, the root with what is in it, in preorder, and a CRC-32C of
 * all that as four bytes. Numbers take as few bytes as they need, seven bits in each, lowest first; signed ones are
 * folded so that small negative ones are short as well. A further name of a file is written as the number of the node.
 */
final class TreeOutput {
    static final int MAGIC = 0x464F5452;
    static final int VERSION = 1;

    static final int LINK = 15;
    static final int OPAQUE = 16;
    static final int IMPLIED = 32;
    static final int XATTRS = 64;

    private final OutputStream sink;
    private final CRC32C checksum = new CRC32C();
    private final byte[] buffer = new byte[1 << 16];
    private int used;
    private int nodes;

    /** The numbers of the nodes with several names. */
    private final Map<Node, Integer> numbers = new HashMap<>();

    TreeOutput(OutputStream sink) {
        this.sink = sink;
    }

    void write(LayerTree tree) throws IOException {
        fourBytes(MAGIC);
        oneByte(VERSION);
        number(tree.fileBytes());
        number(tree.tarBytes());
        number(tree.extraBytes());
        oneByte(tree.describesRoot() ? 1 : 0);
        node(tree.node());
        drain();
        fourBytes((int) checksum.getValue());
        drain();
        sink.flush();
    }

    private void node(Node node) throws IOException {
        Integer known = node.names > 1 ? numbers.putIfAbsent(node, nodes) : null;
        if (known != null) {
            oneByte(LINK);
            number(known);
            return;
        }
        nodes++;
        oneByte(node.kind.code()
                | (node.opaque ? OPAQUE : 0)
                | (node.implied ? IMPLIED : 0)
                | (node.xattrs.isEmpty() ? 0 : XATTRS));
        number(node.mode);
        number(node.uid & 0xFFFFFFFFL);
        number(node.gid & 0xFFFFFFFFL);
        signed(node.seconds);
        number(node.nanos);
        if (!node.xattrs.isEmpty()) {
            number(node.xattrs.size());
            for (Map.Entry<String, byte[]> e : node.xattrs.entrySet()) {
                bytes(FileNames.encode(e.getKey()));
                bytes(e.getValue());
            }
        }
        switch (node.kind) {
            case FILE -> content(node);
            case DIRECTORY -> children(node);
            case SYMLINK -> bytes(node.target);
            case CHARACTER_DEVICE, BLOCK_DEVICE -> {
                number(node.major & 0xFFFFFFFFL);
                number(node.minor & 0xFFFFFFFFL);
            }
            case FIFO, WHITEOUT -> {}
        }
    }

    private void children(Node directory) throws IOException {
        number(directory.children.size());
        for (Map.Entry<byte[], Node> child : directory.children.entrySet()) {
            bytes(child.getKey());
            node(child.getValue());
        }
    }

    /** The size, and for every extent its place with the mark of the extra file, its length, where it lies. */
    private void content(Node file) throws IOException {
        number(file.size);
        number(file.extents().size());
        for (Extent extent : file.extents()) {
            number(extent.at() / 512 * 2 + (extent.extra() ? 1 : 0));
            number(extent.length());
            number(extent.offset() / 512);
        }
    }

    private void bytes(byte[] bytes) throws IOException {
        number(bytes.length);
        int done = 0;
        while (done < bytes.length) {
            if (used == buffer.length) {
                drain();
            }
            int count = Math.min(bytes.length - done, buffer.length - used);
            System.arraycopy(bytes, done, buffer, used, count);
            used += count;
            done += count;
        }
    }

    private void signed(long value) throws IOException {
        number((value << 1) ^ (value >> 63));
    }

    private void number(long value) throws IOException {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            oneByte((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        oneByte((int) rest);
    }

    private void fourBytes(int value) throws IOException {
        for (int shift = 24; shift >= 0; shift -= 8) {
            oneByte(value >>> shift);
        }
    }

    private void oneByte(int value) throws IOException {
        if (used == buffer.length) {
            drain();
        }
        buffer[used++] = (byte) value;
    }

    private void drain() throws IOException {
        checksum.update(buffer, 0, used);
        sink.write(buffer, 0, used);
        used = 0;
    }
}
