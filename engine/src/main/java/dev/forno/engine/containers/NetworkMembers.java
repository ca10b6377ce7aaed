package dev.forno.engine.containers;

import dev.forno.engine.networks.Network.Member;
import java.util.Map;
import java.util.TreeMap;

/** Who is in a network, as the records of running containers tell. */
public final class NetworkMembers {
    private NetworkMembers() {}

    /** The endpoints in the network by container id. */
    public static Map<String, Member> of(ContainerRecords records, String network) {
        Map<String, Member> members = new TreeMap<>();
        for (Container c : records.values()) {
            NetworkSettings.EndpointSettings e = c.network().networks().get(network);
            if (e != null && c.state().status().hasTask()) {
                String address = e.ipAddress().isEmpty() ? "" : e.ipAddress() + "/" + e.ipPrefixLength();
                members.put(c.id(), new Member(c.name(), e.endpointId(), e.macAddress(), address));
            }
        }
        return members;
    }
}
