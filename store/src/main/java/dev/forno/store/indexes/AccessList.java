package dev.forno.store.indexes;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A POSIX access control list in the form of the attributes {@code system.posix_acl_access} and {@code …_default}: what
 * the kernel does when one is set (posix_acl_valid and posix_acl_equiv_mode).
 *
 * @param permissions the mode bits that it stands for
 * @param plain whether the mode bits say all of it, so that nothing else is kept
 */
record AccessList(int permissions, boolean plain) {
    private static final int VERSION = 2;
    private static final int USER_OBJ = 0x01;
    private static final int USER = 0x02;
    private static final int GROUP_OBJ = 0x04;
    private static final int GROUP = 0x08;
    private static final int MASK = 0x10;
    private static final int OTHER = 0x20;

    /** Whether the attribute is of another version, and so not one that this kernel knows. */
    static boolean isForeign(byte[] value) {
        return value.length >= 4 && buffer(value).getInt(0) != VERSION;
    }

    /** Reads the list; null when the kernel refuses it. */
    static @Nullable AccessList parse(byte[] value) {
        if (value.length < 4 || (value.length - 4) % 8 != 0) {
            return null;
        }
        ByteBuffer in = buffer(value);
        in.getInt();
        int expected = USER_OBJ;
        int permissions = 0;
        boolean named = false;
        boolean masked = false;
        while (in.hasRemaining()) {
            int tag = in.getShort() & 0xFFFF;
            int bits = in.getShort() & 0xFFFF;
            int id = in.getInt();
            int next = next(expected, tag);
            if (next < 0 || bits > 7 || ((tag == USER || tag == GROUP) && id == -1)) {
                return null;
            }
            named |= tag == USER || tag == GROUP;
            masked |= tag == MASK;
            permissions = apply(permissions, tag, bits);
            expected = next;
        }
        boolean complete = expected == 0 && (masked || !named);
        return complete ? new AccessList(permissions, !named && !masked) : null;
    }

    /** The state after an entry, 0 after the last, -1 when it doesn't belong there. */
    private static int next(int expected, int tag) {
        return switch (tag) {
            case USER_OBJ -> expected == USER_OBJ ? USER : -1;
            case USER -> expected == USER ? USER : -1;
            case GROUP_OBJ -> expected == USER ? GROUP : -1;
            case GROUP -> expected == GROUP ? GROUP : -1;
            case MASK -> expected == GROUP ? OTHER : -1;
            case OTHER -> expected == GROUP || expected == OTHER ? 0 : -1;
            default -> -1;
        };
    }

    private static int apply(int permissions, int tag, int bits) {
        return switch (tag) {
            case USER_OBJ -> permissions | (bits << 6);
            case GROUP_OBJ -> permissions | (bits << 3);
            case MASK -> (permissions & ~070) | (bits << 3);
            case OTHER -> permissions | bits;
            default -> permissions;
        };
    }

    private static ByteBuffer buffer(byte[] value) {
        return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    }
}
