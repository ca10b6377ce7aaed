package dev.forno.store.indexes;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A file of a layer's tree; one object has as many names as the file has. Changed only while the tree is built. */
final class Node {
    static final Comparator<byte[]> BY_BYTES = Arrays::compareUnsigned;

    private static final byte[] NONE = {};

    final EntryKind kind;

    /** How far a directory is from the root. */
    final int depth;

    /** What a directory holds, by the bytes of the names; always empty for others. */
    final NavigableMap<byte[], Node> children;

    int mode;
    int uid;
    int gid;
    long seconds;
    int nanos;
    SortedMap<String, byte[]> xattrs = Collections.emptySortedMap();
    byte[] target = NONE;
    int major;
    int minor;
    long size;

    /** Where the whole content lies in the tar, or -1; kept apart from {@link #pieces} since it is so for most files. */
    private long contentAt = -1;

    private List<Extent> pieces = List.of();

    /** Under how many names it is in its tree; set when the tree is complete. */
    int names;

    boolean opaque;
    boolean implied;

    private Node(EntryKind kind, int depth, NavigableMap<byte[], Node> children) {
        this.kind = kind;
        this.depth = depth;
        this.children = children;
    }

    static Node directory(int depth) {
        Node node = new Node(EntryKind.DIRECTORY, depth, new TreeMap<>(BY_BYTES));
        node.mode = 0755;
        return node;
    }

    static Node of(EntryKind kind) {
        return new Node(kind, 0, Collections.emptyNavigableMap());
    }

    /** A copy of this directory's attributes with one more, and without what is in it. */
    Node withXattr(String name, byte[] value) {
        Node copy = new Node(kind, depth, Collections.emptyNavigableMap());
        copy.mode = mode;
        copy.uid = uid;
        copy.gid = gid;
        copy.seconds = seconds;
        copy.nanos = nanos;
        copy.xattrs = new TreeMap<>(xattrs);
        copy.xattrs.put(name, value);
        copy.opaque = opaque;
        copy.implied = implied;
        return copy;
    }

    @Nullable
    Node child(byte[] name) {
        return children.get(name);
    }

    void setModified(Instant time) {
        seconds = time.getEpochSecond();
        nanos = time.getNano();
    }

    Instant modified() {
        return Instant.ofEpochSecond(seconds, nanos);
    }

    /** Sets what a file holds. */
    void setContent(long bytes, List<Extent> extents) {
        size = bytes;
        Extent first = extents.isEmpty() ? null : extents.getFirst();
        if (first != null && first.at() == 0 && first.length() == bytes && !first.extra()) {
            contentAt = first.offset();
        } else {
            pieces = List.copyOf(extents);
        }
    }

    List<Extent> extents() {
        return contentAt < 0 ? pieces : List.of(new Extent(0, size, false, contentAt));
    }

    boolean isDirectory() {
        return kind == EntryKind.DIRECTORY;
    }
}
