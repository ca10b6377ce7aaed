package dev.forno.store.indexes;

import dev.forno.linux.files.FileNames;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.archives.EntryNames;
import dev.forno.store.failures.Failures;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** Reads what {@link TreeOutput} wrote, believing none of it: a damaged file must give an error, not a wrong tree. */
final class TreeInput {
    private static final int MAX_DEPTH = 2100;
    private static final int MAX_LENGTH = 1 << 16;

    private final String name;
    private final CRC32C checksum = new CRC32C();
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int end;

    /** Up to where the buffer's bytes are in the checksum. */
    private int summed;

    private final List<Node> nodes = new ArrayList<>();
    private long tarBytes;
    private long extraBytes;

    /** Names, values and extents still allowed. */
    private long budget = TreeBounds.MAX_BYTES;

    TreeInput(InputStream in, String name) {
        this.name = name;
        this.in = in;
    }

    LayerTree read() {
        try {
            return readAll();
        } catch (EOFException e) {
            throw damaged("it is too short");
        } catch (IOException e) {
            throw Failures.of("read the tree of " + name, e);
        }
    }

    private LayerTree readAll() throws IOException {
        if (fourBytes() != TreeOutput.MAGIC) {
            throw damaged("it is no layer tree");
        }
        int version = oneByte();
        if (version != TreeOutput.VERSION) {
            throw damaged("it is of version " + version + ", this engine reads version " + TreeOutput.VERSION);
        }
        long fileBytes = number();
        tarBytes = number();
        extraBytes = number();
        boolean describesRoot = oneByte() == 1;
        Node root = node(0);
        check(root.isDirectory(), "the root is not a directory");
        sum();
        int expected = (int) checksum.getValue();
        check(fourBytes() == expected, "its checksum is wrong");
        check(at == end && !fill(), "it is too long");
        return new LayerTree(root, fileBytes, tarBytes, extraBytes, describesRoot, TreeBounds.MAX_BYTES - budget);
    }

    private Node node(int depth) throws IOException {
        int head = oneByte();
        if (head == TreeOutput.LINK) {
            long number = number();
            check(
                    number > 0
                            && number < nodes.size()
                            && !nodes.get((int) number).isDirectory(),
                    "a wrong link");
            return nodes.get((int) number);
        }
        EntryKind kind = EntryKind.of(head & 15);
        if (kind == null || head >= 128) {
            throw damaged("an unknown kind of entry");
        }
        check(depth <= MAX_DEPTH, "it is nested too deeply");
        Node node = kind == EntryKind.DIRECTORY ? Node.directory(depth) : Node.of(kind);
        check(nodes.size() <= 2 * TreeBounds.MAX_ENTRIES, "it has too many entries");
        nodes.add(node);
        node.opaque = (head & TreeOutput.OPAQUE) != 0;
        node.implied = (head & TreeOutput.IMPLIED) != 0;
        node.mode = bounded(07777);
        node.uid = (int) unsigned();
        node.gid = (int) unsigned();
        time(node);
        if ((head & TreeOutput.XATTRS) != 0) {
            node.xattrs = xattrs();
        }
        body(node, depth);
        return node;
    }

    private void body(Node node, int depth) throws IOException {
        switch (node.kind) {
            case FILE -> content(node);
            case DIRECTORY -> children(node, depth);
            case SYMLINK -> {
                node.target = bytes(4095);
                check(node.target.length > 0, "a link to nothing");
            }
            case CHARACTER_DEVICE, BLOCK_DEVICE -> {
                node.major = (int) unsigned();
                node.minor = (int) unsigned();
            }
            case FIFO, WHITEOUT -> {}
        }
    }

    private void children(Node directory, int depth) throws IOException {
        int count = bounded(TreeBounds.MAX_ENTRIES * 2);
        for (int i = 0; i < count; i++) {
            byte[] child = bytes(EntryNames.MAX_NAME);
            String text = FileNames.decode(child);
            check(isName(text), "an impossible name");
            check(
                    directory.children.isEmpty() || Node.BY_BYTES.compare(directory.children.lastKey(), child) < 0,
                    "names out of order");
            directory.children.put(child, node(depth + 1));
        }
    }

    private static boolean isName(String text) {
        return !text.isEmpty()
                && !text.equals(".")
                && !text.equals("..")
                && text.indexOf('/') < 0
                && text.indexOf('\0') < 0;
    }

    private void content(Node file) throws IOException {
        long size = number();
        int count = bounded((int) (TreeBounds.MAX_BYTES / TreeBounds.EXTENT_BYTES));
        List<Extent> extents = new ArrayList<>(Math.min(count, 16));
        long end = 0;
        for (int i = 0; i < count; i++) {
            spend(TreeBounds.EXTENT_BYTES);
            Extent extent = extent();
            check(extent.at() >= end && extent.at() <= size - extent.length(), "extents out of place");
            end = extent.at() + extent.length();
            check(extent.length() > 0 && (end % 512 == 0 || end == size), "extents that aren't aligned");
            extents.add(extent);
        }
        spend(Chunks.count(size, extents) * Long.BYTES);
        file.setContent(size, extents);
    }

    private Extent extent() throws IOException {
        long place = number();
        long length = number();
        long offset = blocks(number());
        boolean extra = (place & 1) != 0;
        check(length <= (extra ? extraBytes : tarBytes) - offset, "an extent beyond the end of the layer");
        return new Extent(blocks(place >>> 1), length, extra, offset);
    }

    private long blocks(long count) {
        check(count < 1L << 52, "a number that is too large");
        return count * 512;
    }

    private SortedMap<String, byte[]> xattrs() throws IOException {
        SortedMap<String, byte[]> xattrs = new TreeMap<>();
        int count = bounded(MAX_LENGTH);
        for (int i = 0; i < count; i++) {
            String key = FileNames.decode(bytes(EntryNames.MAX_NAME));
            check(XattrRules.isKnown(key), "an unknown attribute");
            xattrs.put(key, bytes(MAX_LENGTH - 1));
        }
        return xattrs;
    }

    private void time(Node node) throws IOException {
        long folded = any();
        node.seconds = (folded >>> 1) ^ -(folded & 1);
        node.nanos = bounded(999_999_999);
        try {
            Object valid = node.modified();
            check(valid != null, "no time");
        } catch (DateTimeException e) {
            throw damaged("an impossible time");
        }
    }

    private byte[] bytes(int limit) throws IOException {
        int length = bounded(limit);
        spend(length);
        byte[] bytes = new byte[length];
        int done = 0;
        while (done < length) {
            if (at == end && !fill()) {
                throw new EOFException();
            }
            int count = Math.min(length - done, end - at);
            System.arraycopy(buffer, at, bytes, done, count);
            at += count;
            done += count;
        }
        return bytes;
    }

    private int fourBytes() throws IOException {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value = value << 8 | oneByte();
        }
        return value;
    }

    private int oneByte() throws IOException {
        if (at == end && !fill()) {
            throw new EOFException();
        }
        return buffer[at++] & 0xff;
    }

    private boolean fill() throws IOException {
        sum();
        at = 0;
        summed = 0;
        end = Math.max(0, in.read(buffer, 0, buffer.length));
        return end > 0;
    }

    private void sum() {
        checksum.update(buffer, summed, at - summed);
        summed = at;
    }

    private void spend(long amount) {
        budget -= amount;
        check(amount >= 0 && budget >= 0, "it is too large");
    }

    private int bounded(int limit) throws IOException {
        long value = number();
        check(value <= limit, "a number that is too large");
        return (int) value;
    }

    private long unsigned() throws IOException {
        long value = number();
        check(value <= 0xFFFFFFFFL, "a number that is too large");
        return value;
    }

    private long number() throws IOException {
        long value = any();
        check(value >= 0, "a number that is too large");
        return value;
    }

    private long any() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = oneByte();
            value |= (next & 0x7FL) << shift;
            if (next < 128) {
                return value;
            }
        }
        throw damaged("a number that is too large");
    }

    private void check(boolean right, String otherwise) {
        if (!right) {
            throw damaged(otherwise);
        }
    }

    private FornoException damaged(String reason) {
        return new FornoException(
                ErrorKind.DATA_LOSS,
                "read the tree of " + name + ": the file is damaged (" + reason
                        + "); remove the images that use the layer and pull or load them again");
    }
}
