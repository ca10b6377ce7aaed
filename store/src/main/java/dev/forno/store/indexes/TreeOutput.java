package dev.forno.store.indexes;

import dev.forno.linux.files.FileNames;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

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
    private final DataOutputStream out;
    private final Map<Node, Integer> numbers = new HashMap<>();

    TreeOutput(OutputStream sink) {
        this.sink = sink;
        this.out = new DataOutputStream(new CheckedOutputStream(new BufferedOutputStream(sink, 1 << 16), checksum));
    }

    void write(LayerTree tree) throws IOException {
        out.writeInt(MAGIC);
        out.writeByte(VERSION);
        number(tree.fileBytes());
        number(tree.tarBytes());
        number(tree.extraBytes());
        out.writeByte(tree.describesRoot() ? 1 : 0);
        node(tree.node());
        out.flush();
        DataOutputStream tail = new DataOutputStream(sink);
        tail.writeInt((int) checksum.getValue());
        tail.flush();
    }

    private void node(Node node) throws IOException {
        Integer known = numbers.putIfAbsent(node, numbers.size());
        if (known != null) {
            out.writeByte(LINK);
            number(known);
            return;
        }
        out.writeByte(node.kind.code()
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
        out.write(bytes);
    }

    private void signed(long value) throws IOException {
        number((value << 1) ^ (value >> 63));
    }

    private void number(long value) throws IOException {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.writeByte((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }
}
