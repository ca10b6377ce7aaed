package dev.forno.engine.containers;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;

/**
 * A container's place in the network. Addresses are empty while it does not run.
 *
 * @param sandboxKey path of the network namespace
 * @param ports host bindings by {@code 80/tcp}; an exposed port that is not published has an empty list
 * @param networks endpoints by network name
 */
@Json
public record NetworkSettings(
        String sandboxId,
        String sandboxKey,
        Map<String, List<PortBinding>> ports,
        Map<String, EndpointSettings> networks) {
    /** No network. */
    public static final NetworkSettings NONE = new NetworkSettings("", "", Map.of(), Map.of());

    /** One connection to one network; {@code ipPrefixLength} in bits, {@code interfaceName} inside of the container. */
    @Json
    public record EndpointSettings(
            String networkId,
            String endpointId,
            String gateway,
            String ipAddress,
            int ipPrefixLength,
            String macAddress,
            String interfaceName,
            List<String> aliases,
            List<String> dnsNames) {}
}
