package dev.forno.network.bridges;

import dev.forno.linux.netlink.Ipv4Address;
import dev.forno.linux.netlink.Ipv4Prefix;
import java.util.BitSet;
import java.util.Optional;

/** The addresses of a subnet: which are taken. The lowest free one is given first, as Docker does. Thread-safe. */
final class AddressPool {
    private final Ipv4Prefix subnet;
    private final BitSet taken = new BitSet();
    private final int size;

    /** A pool without the network's, the broadcast and the gateway's address. */
    AddressPool(Ipv4Prefix subnet, Ipv4Address gateway) {
        this.subnet = subnet;
        this.size = subnet.last().bits() - subnet.first().bits() + 1;
        taken.set(0);
        taken.set(size - 1);
        taken.set(offset(gateway));
    }

    /** Takes the lowest free address; empty when there is none. */
    synchronized Optional<Ipv4Address> take() {
        int free = taken.nextClearBit(0);
        if (free >= size) {
            return Optional.empty();
        }
        taken.set(free);
        return Optional.of(subnet.first().plus(free));
    }

    /** Takes this very address; false when it is taken. It must be in the subnet. */
    synchronized boolean take(Ipv4Address address) {
        int offset = offset(address);
        if (taken.get(offset)) {
            return false;
        }
        taken.set(offset);
        return true;
    }

    /** Gives an address back. */
    synchronized void release(Ipv4Address address) {
        taken.clear(offset(address));
    }

    private int offset(Ipv4Address address) {
        return address.bits() - subnet.first().bits();
    }
}
