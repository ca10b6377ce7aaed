package dev.forno.network.endpoints;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A container's wish to take part in a network.
 *
 * @param containerId names the namespace; file-name characters only
 * @param containerName for error texts
 * @param network the {@link Network#name()} of a network that exists
 * @param ip the IPv4 address asked for, or null for the next free one
 * @param mac the hardware address asked for as {@code 02:42:ac:11:00:02}, or null for one derived from the IPv4 address
 */
public record EndpointSpec(
        String containerId,
        String containerName,
        String network,
        @Nullable String ip,
        @Nullable String mac,
        List<PublishedPort> ports) {
    public EndpointSpec {
        ports = List.copyOf(ports);
    }
}
