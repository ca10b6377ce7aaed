package dev.forno.dockerapi.models;

import dev.forno.engine.containers.CreateRequest.EndpointRequest;
import dev.forno.engine.containers.NetworkSettings.EndpointSettings;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import io.avaje.jsonb.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One connection of a container to a network, as asked for and as it is. */
@Json
public record EndpointDocument(
        @Json.Property("IPAMConfig") @Nullable IpamConfig ipamConfig,
        @Json.Property("Links") @Nullable Texts links,
        @Json.Property("Aliases") @Nullable Texts aliases,
        @Json.Property("MacAddress") @Nullable String macAddress,
        @Json.Property("DriverOpts") @Nullable Map<String, String> driverOpts,
        @Json.Property("GwPriority") @Nullable Integer gwPriority,
        @Json.Property("NetworkID") @Nullable String networkId,
        @Json.Property("EndpointID") @Nullable String endpointId,
        @Json.Property("Gateway") @Nullable String gateway,
        @Json.Property("IPAddress") @Nullable String ipAddress,
        @Json.Property("IPPrefixLen") @Nullable Integer ipPrefixLen,
        @Json.Property("IPv6Gateway") @Nullable String ipv6Gateway,
        @Json.Property("GlobalIPv6Address") @Nullable String globalIpv6Address,
        @Json.Property("GlobalIPv6PrefixLen") @Nullable Integer globalIpv6PrefixLen,
        @Json.Property("DNSNames") @Nullable Texts dnsNames) {

    /** Addresses that a request asks for. */
    @Json
    public record IpamConfig(
            @Json.Property("IPv4Address") @Nullable String ipv4Address,
            @Json.Property("IPv6Address") @Nullable String ipv6Address,
            @Json.Property("LinkLocalIPs") @Nullable List<String> linkLocalIps) {}

    static Map<String, EndpointDocument> of(Map<String, EndpointSettings> networks) {
        Map<String, EndpointDocument> result = new LinkedHashMap<>();
        networks.forEach((name, settings) -> result.put(name, of(settings)));
        return result;
    }

    private static EndpointDocument of(EndpointSettings settings) {
        return new EndpointDocument(
                null,
                Texts.NULL,
                Texts.nonEmpty(settings.aliases()),
                settings.macAddress(),
                null,
                0,
                settings.networkId(),
                settings.endpointId(),
                settings.gateway(),
                settings.ipAddress(),
                settings.ipPrefixLength(),
                "",
                "",
                0,
                Texts.nonEmpty(settings.dnsNames()));
    }

    /** The wishes in this document. */
    EndpointRequest toEngine(String network) {
        if (!Or.empty(driverOpts).isEmpty()) {
            throw new FornoException(
                    ErrorKind.NOT_IMPLEMENTED,
                    "network " + network + ": driver options of endpoints are not supported yet");
        }
        String ipv4 = ipamConfig == null ? "" : Or.empty(ipamConfig.ipv4Address());
        String ipv6 = ipamConfig == null ? "" : Or.empty(ipamConfig.ipv6Address());
        if (ipamConfig != null && !Or.empty(ipamConfig.linkLocalIps()).isEmpty()) {
            throw new FornoException(
                    ErrorKind.NOT_IMPLEMENTED, "network " + network + ": link-local addresses are not supported yet");
        }
        return new EndpointRequest(ipv4, ipv6, Or.empty(macAddress), Texts.orEmpty(aliases), Texts.orEmpty(links));
    }
}
