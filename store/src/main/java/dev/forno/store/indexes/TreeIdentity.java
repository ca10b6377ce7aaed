package dev.forno.store.indexes;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;

/**
 * The UUID of an index: overlayfs wants to tell its lower file systems apart, and to know them again. It follows from what
 * the tree holds, so that equal trees have equal indexes (RFC 9562, version 8).
 */
final class TreeIdentity {
    private final MessageDigest digest;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 13);

    private TreeIdentity(MessageDigest digest) {
        this.digest = digest;
    }

    static byte[] uuid(MergedTree tree) {
        TreeIdentity identity = new TreeIdentity(sha256());
        identity.take(tree.node());
        for (MergedTree.Device device : tree.devices()) {
            identity.numbers(device.layer(), device.bytes());
        }
        identity.drain();
        byte[] uuid = Arrays.copyOf(identity.digest.digest(), 16);
        uuid[6] = (byte) ((uuid[6] & 0x0F) | 0x80);
        uuid[8] = (byte) ((uuid[8] & 0x3F) | 0x80);
        return uuid;
    }

    private void take(MergedNode node) {
        Node a = node.attributes;
        List<Extent> extents = node.file.extents();
        numbers(node.file.kind.code(), a.mode, a.uid, a.gid, a.seconds, a.nanos);
        numbers(
                node.layer,
                node.file.size,
                extents.isEmpty() ? 0 : extents.getFirst().offset());
        node.children.forEach((name, child) -> {
            room(name.length).put(name);
            take(child);
        });
    }

    private void numbers(long... values) {
        room(Long.BYTES * values.length);
        for (long value : values) {
            buffer.putLong(value);
        }
    }

    /** Hashing takes place in large pieces; names and numbers are far smaller than the buffer. */
    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            drain();
        }
        return buffer;
    }

    private void drain() {
        digest.update(buffer.flip());
        buffer.clear();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
