package dev.forno.network.endpoints;

/**
 * A bridge network as it is.
 *
 * @param bridge the name of the bridge device
 * @param subnet the IPv4 subnet as {@code 172.17.0.0/16}
 * @param gateway the bridge's own address in it, the containers' default gateway
 * @param mtu the largest packet in bytes
 * @param internal whether the network is cut off from the outside
 */
public record Network(String name, String bridge, String subnet, String gateway, int mtu, boolean internal) {
    /** The wish that leads to this very network again. */
    public NetworkSpec spec() {
        return new NetworkSpec(name, bridge, subnet, gateway, mtu, internal);
    }
}
