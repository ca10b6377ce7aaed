package dev.forno.network.endpoints;

import org.jspecify.annotations.Nullable;

/**
 * A bridge network that shall exist.
 *
 * @param name what endpoints call it
 * @param bridge the name of the bridge device, at most 15 bytes
 * @param subnet the IPv4 subnet as {@code 172.17.0.0/16}; null takes that of an existing bridge of this name, else the
 *     first of the default pools that overlaps no route of the host
 * @param gateway the bridge's own address; null takes the subnet's first
 * @param mtu the largest packet in bytes; 0 takes 1500
 * @param internal whether the network is cut off from the outside
 */
public record NetworkSpec(
        String name,
        String bridge,
        @Nullable String subnet,
        @Nullable String gateway,
        int mtu,
        boolean internal) {

    /** The network that containers join when none is named, with everything chosen. */
    public static NetworkSpec bridge(String name, String bridge) {
        return new NetworkSpec(name, bridge, null, null, 0, false);
    }
}
