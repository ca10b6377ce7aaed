package dev.forno.linux.netlink;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An IPv4 address as the 32-bit number that it is, compared as unsigned. */
public record Ipv4Address(int bits) implements Comparable<Ipv4Address> {
    private static final Pattern DOTTED = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");

    /** {@code 0.0.0.0}. */
    public static final Ipv4Address ANY = new Ipv4Address(0);

    /** Reads dotted decimal; anything else is an {@link IllegalArgumentException}. */
    public static Ipv4Address parse(String text) {
        Matcher matcher = DOTTED.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no IPv4 address: " + text);
        }
        int bits = 0;
        for (int group = 1; group <= 4; group++) {
            int part = Integer.parseInt(matcher.group(group));
            if (part > 255) {
                throw new IllegalArgumentException("no IPv4 address: " + text);
            }
            bits = bits << 8 | part;
        }
        return new Ipv4Address(bits);
    }

    /** Reads four bytes in network order. */
    public static Ipv4Address of(byte[] bytes) {
        return new Ipv4Address(java.nio.ByteBuffer.wrap(bytes).getInt());
    }

    /** The address that many steps away. */
    public Ipv4Address plus(int steps) {
        return new Ipv4Address(bits + steps);
    }

    /** The four bytes in network order. */
    public byte[] bytes() {
        return NetlinkMessage.bigEndian(bits);
    }

    /** Whether the address is in {@code 127.0.0.0/8}. */
    public boolean isLoopback() {
        return bits >>> 24 == 127;
    }

    @Override
    public int compareTo(Ipv4Address other) {
        return Integer.compareUnsigned(bits, other.bits);
    }

    @Override
    public String toString() {
        return (bits >>> 24) + "." + (bits >>> 16 & 255) + "." + (bits >>> 8 & 255) + "." + (bits & 255);
    }
}
