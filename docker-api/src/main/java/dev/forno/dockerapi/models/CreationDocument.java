package dev.forno.dockerapi.models;

import dev.forno.engine.containers.ContainerConfig;
import dev.forno.engine.containers.CreateRequest;
import dev.forno.engine.containers.CreateRequest.EndpointRequest;
import dev.forno.engine.containers.HostOptions;
import dev.forno.engine.containers.Resources;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.Platform;
import io.avaje.jsonb.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands beside the {@link ConfigDocument} in the body of a creation. */
@Json
public record CreationDocument(
        @Json.Property("HostConfig") @Nullable HostConfigDocument hostConfig,
        @Json.Property("NetworkingConfig") @Nullable Networking networkingConfig) {

    /** Wishes for endpoints by network. */
    @Json
    public record Networking(
            @Json.Property("EndpointsConfig") @Nullable Map<String, EndpointDocument> endpointsConfig) {}

    /** The answer to a creation. */
    @Json
    public record Created(
            @Json.Property("Id") String id,
            @Json.Property("Warnings") List<String> warnings) {}

    /** Reads the body of a creation; throws {@link ErrorKind#INVALID_ARGUMENT} when it is malformed. */
    public static CreateRequest read(byte[] body, @Nullable String name, @Nullable Platform platform) {
        ConfigDocument config = dev.forno.dockerapi.models.Json.read(body, ConfigDocument.class);
        CreationDocument rest = dev.forno.dockerapi.models.Json.read(body, CreationDocument.class);
        ContainerConfig wanted = config.toEngine();
        HostOptions host = rest.hostConfig == null ? HostOptions.DEFAULTS : HostConfigReader.read(rest.hostConfig);
        return new CreateRequest(name, wanted, host, platform, rest.endpoints(Or.empty(config.macAddress()), host));
    }

    private Map<String, EndpointRequest> endpoints(String macAddress, HostOptions host) {
        Map<String, EndpointRequest> result = new LinkedHashMap<>();
        if (networkingConfig != null) {
            Or.empty(networkingConfig.endpointsConfig())
                    .forEach((network, endpoint) -> result.put(network, endpoint.toEngine(network)));
        }
        if (!macAddress.isEmpty()) {
            // Clients older than 1.44 give the address to the container instead of its endpoint.
            String mode = host.network().mode();
            result.merge(
                    mode.isEmpty() ? "default" : mode,
                    new EndpointRequest("", "", macAddress, List.of(), List.of()),
                    (given, fromConfig) -> given.macAddress().isEmpty()
                            ? new EndpointRequest(
                                    given.ipv4Address(),
                                    given.ipv6Address(),
                                    macAddress,
                                    given.aliases(),
                                    given.links())
                            : given);
        }
        return result;
    }

    /** The limits in the body of an update. */
    public static Resources resources(HostConfigDocument update) {
        return HostConfigReader.resources(update);
    }

    /** The restart policy in the body of an update, or null when it names none. */
    public static HostOptions.@Nullable RestartPolicy restart(HostConfigDocument update) {
        HostOptions.RestartPolicy policy = HostConfigReader.restart(update);
        return update.restartPolicy() == null || policy.name().isEmpty() ? null : policy;
    }
}
