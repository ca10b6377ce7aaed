package dev.forno.linux.netlink;

/**
 * A range of IPv4 addresses with a common prefix.
 *
 * @param first the first address; bits after the prefix are zero
 * @param length the prefix in bits, 0 to 32
 */
public record Ipv4Prefix(Ipv4Address first, int length) {
    public Ipv4Prefix {
        if (length < 0 || length > 32) {
            throw new IllegalArgumentException("no prefix length: " + length);
        }
        first = new Ipv4Address(first.bits() & mask(length));
    }

    /** Reads {@code 172.17.0.0/16}; bits after the prefix are dropped. */
    public static Ipv4Prefix parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("\\d{1,2}")) {
            throw new IllegalArgumentException("no IPv4 subnet: " + text);
        }
        return new Ipv4Prefix(Ipv4Address.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    /** The last address of the range. */
    public Ipv4Address last() {
        return new Ipv4Address(first.bits() | ~mask(length));
    }

    /** Whether the address is in the range. */
    public boolean contains(Ipv4Address address) {
        return (address.bits() & mask(length)) == first.bits();
    }

    /** Whether the ranges have an address in common. */
    public boolean overlaps(Ipv4Prefix other) {
        return length <= other.length ? contains(other.first) : other.contains(first);
    }

    @Override
    public String toString() {
        return first + "/" + length;
    }

    private static int mask(int length) {
        return length == 0 ? 0 : -1 << (32 - length);
    }
}
