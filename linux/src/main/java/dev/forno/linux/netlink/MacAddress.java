package dev.forno.linux.netlink;

import java.util.HexFormat;
import java.util.regex.Pattern;

/** A hardware address of an Ethernet device: six bytes in the low bits. */
public record MacAddress(long bits) {
    private static final Pattern COLONS = Pattern.compile("[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}");
    private static final HexFormat FORMAT = HexFormat.ofDelimiter(":");

    /** Reads {@code 02:42:ac:11:00:02}; anything else, and group addresses, is an {@link IllegalArgumentException}. */
    public static MacAddress parse(String text) {
        if (!COLONS.matcher(text).matches()) {
            throw new IllegalArgumentException("no MAC address: " + text);
        }
        MacAddress address = new MacAddress(Long.parseLong(text.replaceAll("[:-]", ""), 16));
        if ((address.bits >> 40 & 1) != 0) {
            throw new IllegalArgumentException("a group address: " + text);
        }
        return address;
    }

    /** The locally administered address for an IPv4 address: {@code 02:42} and its four bytes. */
    public static MacAddress of(Ipv4Address address) {
        return new MacAddress(0x0242L << 32 | Integer.toUnsignedLong(address.bits()));
    }

    /** The six bytes in order. */
    public byte[] bytes() {
        byte[] bytes = new byte[6];
        for (int i = 0; i < 6; i++) {
            bytes[i] = (byte) (bits >> (40 - 8 * i));
        }
        return bytes;
    }

    @Override
    public String toString() {
        return FORMAT.formatHex(bytes());
    }
}
