package dev.forno.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The attributes of a received message, by type; of several with one type the last. Immutable. */
public final class NetlinkAttributes {
    private static final int TYPE = 0x3fff;

    private final Map<Integer, byte[]> values;

    private NetlinkAttributes(Map<Integer, byte[]> values) {
        this.values = values;
    }

    /** Reads the attributes that follow {@code offset}; trailing bytes that are no attribute are passed over. */
    public static NetlinkAttributes parse(ByteBuffer buffer, int offset) {
        Map<Integer, byte[]> values = new HashMap<>();
        walk(buffer, offset, values::put);
        return new NetlinkAttributes(values);
    }

    /** Reads the attributes that an attribute's value is made of. */
    public static NetlinkAttributes parse(byte[] bytes) {
        return parse(order(bytes), 0);
    }

    /** The values of a list attribute in order, whatever their types. */
    public static List<byte[]> list(byte[] bytes) {
        List<byte[]> values = new ArrayList<>();
        walk(order(bytes), 0, (type, value) -> values.add(value));
        return values;
    }

    /** The raw value. */
    public Optional<byte[]> bytes(int type) {
        return Optional.ofNullable(values.get(type));
    }

    /** The text up to its terminating zero. */
    public Optional<String> text(int type) {
        return bytes(type).map(value -> {
            int end = 0;
            while (end < value.length && value[end] != 0) {
                end++;
            }
            return new String(value, 0, end, StandardCharsets.UTF_8);
        });
    }

    /** The 32-bit number in the machine's order. */
    public OptionalInt number(int type) {
        byte[] value = values.get(type);
        return value == null || value.length < 4
                ? OptionalInt.empty()
                : OptionalInt.of(order(value).getInt());
    }

    /** The 32-bit number in network order. */
    public OptionalInt bigNumber(int type) {
        byte[] value = values.get(type);
        return value == null || value.length < 4
                ? OptionalInt.empty()
                : OptionalInt.of(ByteBuffer.wrap(value).getInt());
    }

    /** The attributes inside an attribute; none when it is absent. */
    public NetlinkAttributes nested(int type) {
        return bytes(type).map(NetlinkAttributes::parse).orElseGet(() -> new NetlinkAttributes(Map.of()));
    }

    private interface Visitor {
        void visit(int type, byte[] value);
    }

    private static void walk(ByteBuffer buffer, int offset, Visitor visitor) {
        int at = offset;
        while (at + 4 <= buffer.limit()) {
            int length = Short.toUnsignedInt(buffer.getShort(at));
            if (length < 4 || at + length > buffer.limit()) {
                return;
            }
            byte[] value = new byte[length - 4];
            buffer.get(at + 4, value);
            visitor.visit(buffer.getShort(at + 2) & TYPE, value);
            at += (length + 3) & ~3;
        }
    }

    private static ByteBuffer order(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }
}
