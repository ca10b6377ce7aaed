package dev.forno.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A netlink request under construction: the header, a family's fixed fields, then attributes. Numbers are in the
 * machine's byte order unless the method says big-endian. Not thread-safe.
 */
public final class NetlinkMessage {
    /** {@code NLM_F_CREATE}: make the object if it does not exist. */
    public static final int CREATE = 0x400;
    /** {@code NLM_F_EXCL}: fail if it does. */
    public static final int EXCLUSIVE = 0x200;
    /** {@code NLM_F_APPEND}: at the end of a list. */
    public static final int APPEND = 0x800;
    /** {@code NLM_F_ROOT | NLM_F_MATCH}: all objects. */
    public static final int DUMP = 0x300;

    static final int HEADER = 16;
    private static final int REQUEST = 1;
    private static final int NESTED = 0x8000;
    private static final int LARGEST_ATTRIBUTE = 0xffff;

    private final String what;
    private ByteBuffer buffer =
            ByteBuffer.allocate(256).order(ByteOrder.nativeOrder()).position(HEADER);

    /**
     * Starts a message.
     *
     * @param what the request in words, for error texts
     * @param type the message type of the netlink family
     * @param flags of the constants here
     */
    public NetlinkMessage(String what, int type, int flags) {
        this.what = what;
        buffer.putShort(4, (short) type).putShort(6, (short) (flags | REQUEST));
    }

    /** The request in words. */
    public String what() {
        return what;
    }

    /** Appends one byte of a fixed header. */
    public NetlinkMessage putByte(int value) {
        room(1).put((byte) value);
        return this;
    }

    /** Appends a 16-bit number of a fixed header. */
    public NetlinkMessage putShort(int value) {
        room(2).putShort((short) value);
        return this;
    }

    /** Appends a 16-bit number in network order of a fixed header. */
    public NetlinkMessage putBigShort(int value) {
        return putByte(value >> 8).putByte(value);
    }

    /** Appends a 32-bit number of a fixed header. */
    public NetlinkMessage putInt(int value) {
        room(4).putInt(value);
        return this;
    }

    /** Appends attributes as they were received. */
    public NetlinkMessage raw(byte[] attributes) {
        room(attributes.length).put(attributes);
        return pad();
    }

    /** An attribute of raw bytes. */
    public NetlinkMessage attribute(int type, byte[] value) {
        room(8 + value.length)
                .putShort((short) (4 + value.length))
                .putShort((short) type)
                .put(value);
        return pad();
    }

    /** An attribute that is a zero-terminated text. */
    public NetlinkMessage attribute(int type, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return attribute(type, Arrays.copyOf(bytes, bytes.length + 1));
    }

    /** An attribute that is a 32-bit number in the machine's order. */
    public NetlinkMessage attribute(int type, int value) {
        room(8).putShort((short) 8).putShort((short) type).putInt(value);
        return this;
    }

    /** An attribute that is a 32-bit number in network order. */
    public NetlinkMessage bigAttribute(int type, int value) {
        return attribute(type, bigEndian(value));
    }

    /** An attribute that holds what {@code content} appends. */
    public NetlinkMessage nest(int type, Consumer<NetlinkMessage> content) {
        int start = buffer.position();
        room(4).putShort((short) 0).putShort((short) (type | NESTED));
        content.accept(this);
        int length = buffer.position() - start;
        if (length > LARGEST_ATTRIBUTE) {
            throw new IllegalArgumentException(what + ": an attribute of " + length + " bytes");
        }
        buffer.putShort(start, (short) length);
        return this;
    }

    /** A number's four bytes in network order. */
    public static byte[] bigEndian(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    /** The finished message with its sequence number; {@code extraFlags} are added to those given at the start. */
    byte[] finish(int sequence, int extraFlags) {
        buffer.putInt(0, buffer.position()).putInt(8, sequence).putInt(12, 0);
        byte[] bytes = Arrays.copyOf(buffer.array(), buffer.position());
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        header.putShort(6, (short) (header.getShort(6) | extraFlags));
        return bytes;
    }

    private NetlinkMessage pad() {
        while (buffer.position() % 4 != 0) {
            room(1).put((byte) 0);
        }
        return this;
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            int size = Math.max(buffer.capacity() * 2, buffer.position() + bytes);
            int position = buffer.position();
            buffer = ByteBuffer.wrap(Arrays.copyOf(buffer.array(), size))
                    .order(ByteOrder.nativeOrder())
                    .position(position);
        }
        return buffer;
    }
}
