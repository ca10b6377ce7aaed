package dev.forno.dockerapi.models;

import dev.forno.engine.networks.Network;
import io.avaje.jsonb.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One network. */
@Json(naming = Json.Naming.UpperCamel)
public record NetworkDocument(
        String name,
        String id,
        String created,
        String scope,
        String driver,
        @Json.Property("EnableIPv4") boolean enableIpv4,
        @Json.Property("EnableIPv6") boolean enableIpv6,
        @Json.Property("IPAM") Ipam ipam,
        boolean internal,
        boolean attachable,
        boolean ingress,
        ConfigFrom configFrom,
        boolean configOnly,
        Map<String, Member> containers,
        Map<String, String> options,
        Map<String, String> labels) {

    /** Address management. */
    @Json(naming = Json.Naming.UpperCamel)
    public record Ipam(String driver, @Nullable Map<String, String> options, List<IpamRange> config) {}

    /** One range of addresses. */
    @Json(naming = Json.Naming.UpperCamel)
    public record IpamRange(String subnet, String gateway) {}

    /** The network that the configuration comes from: none. */
    @Json(naming = Json.Naming.UpperCamel)
    public record ConfigFrom(String network) {}

    /** One container's endpoint. */
    @Json(naming = Json.Naming.UpperCamel)
    public record Member(
            String name,
            @Json.Property("EndpointID") String endpointId,
            String macAddress,
            @Json.Property("IPv4Address") String ipv4Address,
            @Json.Property("IPv6Address") String ipv6Address) {}

    /** The body of a creation. */
    @Json(naming = Json.Naming.UpperCamel)
    public record Creation(@Nullable String name, @Nullable String driver) {
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
    @Json(naming = Json.Naming.UpperCamel)
    public record Created(String id, String warning) {}

    /** The body of a connection or disconnection. */
    @Json(naming = Json.Naming.UpperCamel)
    public record Connection(
            @Nullable String container, @Nullable Boolean force) {
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
