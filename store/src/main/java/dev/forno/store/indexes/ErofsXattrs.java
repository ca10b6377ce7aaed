package dev.forno.store.indexes;

import dev.forno.linux.files.FileNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The extended attributes of all files: those that several files have alike are written once, in the shared area, the
 * others behind the inode (on-disk format, "Extended attributes").
 */
final class ErofsXattrs {
    private static final int HEADER = 12;
    private static final int MAX_SHARED = 255;

    /** How often each attribute occurs, in the form in which it is written; then, where in the shared area it is. */
    private final Map<ByteBuffer, Integer> shared = new LinkedHashMap<>();

    private final Map<Node, List<ByteBuffer>> entries = new HashMap<>();
    private int sharedBytes;

    /** Takes note of a file's attributes; for every file once, before {@link #share}. */
    void count(Node node) {
        if (node.xattrs.isEmpty()) {
            return;
        }
        List<ByteBuffer> encoded = entries.computeIfAbsent(node, n -> n.xattrs.entrySet().stream()
                .map(e -> encode(e.getKey(), e.getValue()))
                .toList());
        encoded.forEach(entry -> shared.merge(entry, 1, Integer::sum));
    }

    /** Gives those that pay a place in the shared area. */
    void share() {
        shared.values().removeIf(count -> count < 2);
        shared.replaceAll((entry, count) -> {
            int at = sharedBytes;
            sharedBytes += entry.capacity();
            return at / 4;
        });
    }

    int sharedBytes() {
        return sharedBytes;
    }

    void writeShared(LittleEndian out) throws IOException {
        for (ByteBuffer entry : shared.keySet()) {
            out.bytes(entry);
        }
    }

    /** The bytes behind the inode, a multiple of four; zero without attributes. */
    int inlineBytes(Node node) {
        if (node.xattrs.isEmpty()) {
            return 0;
        }
        Split split = split(node);
        return HEADER
                + 4 * split.shared.size()
                + split.inline.stream().mapToInt(ByteBuffer::capacity).sum();
    }

    /** The number that an inode has for {@code inlineBytes}. */
    static int count(int inlineBytes) {
        return inlineBytes == 0 ? 0 : (inlineBytes - HEADER) / 4 + 1;
    }

    void writeInline(Node node, LittleEndian out) throws IOException {
        if (node.xattrs.isEmpty()) {
            return;
        }
        Split split = split(node);
        out.u32(0); // no filter of names
        out.u8(split.shared.size());
        out.zerosTo(out.position() + 7);
        for (int id : split.shared) {
            out.u32(id);
        }
        for (ByteBuffer entry : split.inline) {
            out.bytes(entry);
        }
    }

    private record Split(List<Integer> shared, List<ByteBuffer> inline) {}

    private Split split(Node node) {
        Split split = new Split(new ArrayList<>(), new ArrayList<>());
        for (ByteBuffer entry : entries.getOrDefault(node, List.of())) {
            Integer id = shared.get(entry);
            if (id != null && split.shared.size() < MAX_SHARED) {
                split.shared.add(id);
            } else {
                split.inline.add(entry);
            }
        }
        return split;
    }

    private static ByteBuffer encode(String name, byte[] value) {
        String prefix = prefix(name);
        byte[] rest = FileNames.encode(name.substring(prefix.length()));
        int length = (4 + rest.length + value.length + 3) & ~3;
        ByteBuffer entry = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        entry.put((byte) rest.length)
                .put((byte) index(prefix))
                .putShort((short) value.length)
                .put(rest)
                .put(value);
        return entry.clear();
    }

    private static String prefix(String name) {
        return name.startsWith("system.") ? name : name.substring(0, name.indexOf('.') + 1);
    }

    private static int index(String prefix) {
        return switch (prefix) {
            case XattrRules.USER -> 1;
            case XattrRules.ACL_ACCESS -> 2;
            case XattrRules.ACL_DEFAULT -> 3;
            case XattrRules.TRUSTED -> 4;
            case XattrRules.SECURITY -> 6;
            default -> throw new IllegalArgumentException("no form for attributes of " + prefix);
        };
    }
}
