package dev.forno.engine.containers;

import dev.forno.oci.Platform;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container to make.
 *
 * @param name with or without leading slash, or null for a generated one
 * @param platform what the image must be for, or null for this machine's
 * @param endpoints what was asked of each network by name; settings that can't be honoured are refused
 */
public record CreateRequest(
        @Nullable String name,
        ContainerConfig config,
        HostOptions host,
        @Nullable Platform platform,
        Map<String, EndpointRequest> endpoints) {

    /** Wishes for one endpoint; empty texts for none. */
    public record EndpointRequest(
            String ipv4Address, String ipv6Address, String macAddress, List<String> aliases, List<String> links) {}

    /** An unnamed container for this machine's platform. */
    public static CreateRequest of(ContainerConfig config, HostOptions host) {
        return new CreateRequest(null, config, host, null, Map.of());
    }
}
