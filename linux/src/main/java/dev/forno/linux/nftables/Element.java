package dev.forno.linux.nftables;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * An element of a set or map. Keys and values are made of fields of 4-byte slots, each in network order and padded with
 * zeros.
 *
 * @param key the key's bytes in hexadecimal
 * @param value what a map has for it, in hexadecimal; empty in a set
 * @param end in a set of intervals, whether this is the first value after an interval
 */
public record Element(String key, String value, boolean end) {
    private static final HexFormat HEX = HexFormat.of();

    /** An element of a set. */
    public static Element of(byte[] key) {
        return of(key, new byte[0]);
    }

    /** An element of a map. */
    public static Element of(byte[] key, byte[] value) {
        return new Element(HEX.formatHex(key), HEX.formatHex(value), false);
    }

    /** The first value after an interval. */
    public static Element endOf(byte[] key) {
        return new Element(HEX.formatHex(key), "", true);
    }

    byte[] keyBytes() {
        return HEX.parseHex(key);
    }

    byte[] valueBytes() {
        return HEX.parseHex(value);
    }

    /** Fields one after another, each padded to whole slots. */
    public static byte[] concatenate(byte[]... fields) {
        int length = 0;
        for (byte[] field : fields) {
            length += padded(field);
        }
        ByteBuffer buffer = ByteBuffer.allocate(length);
        int at = 0;
        for (byte[] field : fields) {
            buffer.put(at, field);
            at += padded(field);
        }
        return buffer.array();
    }

    private static int padded(byte[] field) {
        return (field.length + 3) & ~3;
    }
}
