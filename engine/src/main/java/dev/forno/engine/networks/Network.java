package dev.forno.engine.networks;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A network.
 *
 * @param id 64 hexadecimal digits
 * @param driver {@code bridge}, {@code host} or {@code null}
 * @param members the endpoints of running containers, by container id; filled by {@link Networks#get} only
 */
public record Network(
        String id,
        String name,
        Instant created,
        String driver,
        boolean internal,
        List<Subnet> subnets,
        Map<String, String> options,
        Map<String, String> labels,
        Map<String, Member> members) {

    /** An address range and its gateway, as {@code 172.17.0.0/16} and {@code 172.17.0.1}. */
    public record Subnet(String subnet, String gateway) {}

    /** One container's endpoint; addresses with prefix length. */
    public record Member(String containerName, String endpointId, String macAddress, String ipv4Address) {}
}
