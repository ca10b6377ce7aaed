package dev.forno.dockerapi.models;

import dev.forno.engine.networks.Network;
import io.avaje.jsonb.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One network. */
@Json
public record NetworkDocument(
        @Json.Property("Name") String name,
        @Json.Property("Id") String id,
        @Json.Property("Created") String created,
        @Json.Property("Scope") String scope,
        @Json.Property("Driver") String driver,
        @Json.Property("EnableIPv4") boolean enableIpv4,
        @Json.Property("EnableIPv6") boolean enableIpv6,
        @Json.Property("IPAM") Ipam ipam,
        @Json.Property("Internal") boolean internal,
        @Json.Property("Attachable") boolean attachable,
        @Json.Property("Ingress") boolean ingress,
        @Json.Property("ConfigFrom") ConfigFrom configFrom,
        @Json.Property("ConfigOnly") boolean configOnly,
        @Json.Property("Containers") Map<String, Member> containers,
        @Json.Property("Options") Map<String, String> options,
        @Json.Property("Labels") Map<String, String> labels) {

    /** Address management. */
    @Json
    public record Ipam(
            @Json.Property("Driver") String driver,
            @Json.Property("Options") @Nullable Map<String, String> options,
            @Json.Property("Config") List<IpamRange> config) {}

    /** One range of addresses. */
    @Json
    public record IpamRange(
            @Json.Property("Subnet") String subnet,
            @Json.Property("Gateway") String gateway) {}

    /** The network that the configuration comes from: none. */
    @Json
    public record ConfigFrom(@Json.Property("Network") String network) {}

    /** One container's endpoint. */
    @Json
    public record Member(
            @Json.Property("Name") String name,
            @Json.Property("EndpointID") String endpointId,
            @Json.Property("MacAddress") String macAddress,
            @Json.Property("IPv4Address") String ipv4Address,
            @Json.Property("IPv6Address") String ipv6Address) {}

    /** The body of a creation. */
    @Json
    public record Creation(
            @Json.Property("Name") @Nullable String name,
            @Json.Property("Driver") @Nullable String driver) {
        /** The wanted name, or the empty string. */
        public String nameOrEmpty() {
            return Or.empty(name);
        }

        /** The wanted driver, {@code bridge} when none is given. */
        public String driverOrDefault() {
            return Or.empty(driver).isEmpty() ? "bridge" : Or.empty(driver);
        }
    }

    /** The answer to a creation. */
    @Json
    public record Created(
            @Json.Property("Id") String id,
            @Json.Property("Warning") String warning) {}

    /** The body of a connection or disconnection. */
    @Json
    public record Connection(
            @Json.Property("Container") @Nullable String container,
            @Json.Property("Force") @Nullable Boolean force) {
        /** The container, or the empty string. */
        public String containerOrEmpty() {
            return Or.empty(container);
        }

        /** Whether to disconnect by force. */
        public boolean forced() {
            return Or.no(force);
        }
    }

    /** The document of {@code network}. */
    public static NetworkDocument of(Network network) {
        Map<String, Member> members = new LinkedHashMap<>();
        network.members()
                .forEach((id, member) -> members.put(
                        id,
                        new Member(
                                member.containerName(),
                                member.endpointId(),
                                member.macAddress(),
                                member.ipv4Address(),
                                "")));
        List<IpamRange> ranges = network.subnets().stream()
                .map(each -> new IpamRange(each.subnet(), each.gateway()))
                .toList();
        return new NetworkDocument(
                network.name(),
                network.id(),
                GoTimes.rfc3339(network.created()),
                "local",
                network.driver(),
                true,
                false,
                new Ipam("default", null, ranges),
                network.internal(),
                false,
                false,
                new ConfigFrom(""),
                false,
                members,
                network.options(),
                network.labels());
    }
}
