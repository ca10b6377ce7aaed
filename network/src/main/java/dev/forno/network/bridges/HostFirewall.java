package dev.forno.network.bridges;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.netlink.Ipv4Address;
import dev.forno.linux.nftables.BaseChain;
import dev.forno.linux.nftables.Batch.Hook;
import dev.forno.linux.nftables.Connections;
import dev.forno.linux.nftables.NetfilterSocket;
import java.util.ArrayList;
import java.util.List;

/** What belongs to the host and not to the engine's table: other tables, which are only read, and known connections. */
final class HostFirewall {
    private final String table;
    private final NetfilterSocket socket;

    HostFirewall(String table, NetfilterSocket socket) {
        this.table = table;
        this.socket = socket;
    }

    /** What keeps containers from reaching others, with the remedy. */
    List<String> warnings(List<String> bridges) {
        List<String> warnings = new ArrayList<>();
        if (bridges.isEmpty()) {
            return warnings;
        }
        if (!HostSettings.forwardsPackets()) {
            warnings.add(
                    "IPv4 forwarding is disabled: containers reach no other machine; sysctl -w net.ipv4.ip_forward=1");
        }
        try {
            for (BaseChain chain : socket.baseChains()) {
                if (chain.hook() == Hook.FORWARD
                        && chain.drops()
                        && !chain.table().equals("ip " + table)) {
                    warnings.add("The firewall's chain " + chain.table() + " " + chain.name()
                            + " drops forwarded packets: unless its rules accept those of " + String.join(", ", bridges)
                            + ", containers reach no other machine and published ports answer only through the relay; "
                            + "iptables -I FORWARD -i BRIDGE -j ACCEPT; iptables -I FORWARD -o BRIDGE -j ACCEPT");
                }
            }
        } catch (ErrnoException e) {
            warnings.add("The host's firewall can't be read: " + e.getMessage());
        }
        return warnings;
    }

    /**
     * Makes the kernel forget the connections to a container that is gone. Else a client that goes on sending datagrams
     * would be led to the old address for ever.
     */
    void forgetConnections(Ipv4Address container) throws ErrnoException {
        Connections.forget(socket, container);
    }
}
