package dev.forno.network.endpoints;

import java.util.List;

/**
 * A container's place in a network, live. It is plain text and numbers so that the caller can keep it with the
 * container's record: that record is the only durable trace of an endpoint.
 *
 * @param id 64 hexadecimal digits
 * @param netns the path of the network namespace for the runtime to join
 * @param interfaceName the device inside the namespace, {@code eth0}
 * @param ip the IPv4 address
 * @param prefixLength the length of its subnet's prefix in bits
 * @param gateway the default gateway; empty in an internal network
 * @param mac the hardware address
 * @param ports the published ports as bound
 */
public record Endpoint(
        String id,
        String containerId,
        String network,
        String netns,
        String interfaceName,
        String ip,
        int prefixLength,
        String gateway,
        String mac,
        List<BoundPort> ports) {
    public Endpoint {
        ports = List.copyOf(ports);
    }
}
