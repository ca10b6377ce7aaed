package dev.forno.registry.hosts;

import java.net.InetAddress;
import java.util.Optional;

/** A network, as {@code 10.0.0.0/8}. */
@SuppressWarnings("ArrayRecordComponent")
public record AddressRange(byte[] network, int bits) {
    /** Reads a network; nothing for what is none. */
    public static Optional<AddressRange> parse(String text) {
        int slash = text.lastIndexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
            return Optional.empty();
        }
        try {
            byte[] network = InetAddress.ofLiteral(text.substring(0, slash)).getAddress();
            int bits = Integer.parseInt(text.substring(slash + 1));
            return bits > network.length * 8 ? Optional.empty() : Optional.of(new AddressRange(network, bits));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether an address lies in it. */
    public boolean contains(InetAddress address) {
        byte[] other = address.getAddress();
        if (other.length != network.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i % 8);
            if ((network[i / 8] & mask) != (other[i / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
