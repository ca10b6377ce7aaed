package dev.forno.network.bridges;

import dev.forno.linux.netlink.Ipv4Address;
import dev.forno.linux.nftables.Element;
import dev.forno.network.endpoints.BoundPort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Published ports as elements of the packet filter's maps. */
final class PortElements {
    private PortElements() {}

    /** The elements by map; IPv6 bindings have none, they are relayed. */
    static Map<String, List<Element>> of(Ipv4Address container, List<BoundPort> ports) {
        Map<String, List<Element>> elements = new LinkedHashMap<>();
        for (BoundPort port : ports) {
            if (port.hostIp().indexOf(':') >= 0) {
                continue;
            }
            Ipv4Address host = Ipv4Address.parse(port.hostIp());
            byte[] protocol = {(byte) port.protocol().number()};
            byte[] value = Element.concatenate(container.bytes(), bytes(port.containerPort()));
            boolean any = host.equals(Ipv4Address.ANY);
            byte[] key = any
                    ? Element.concatenate(protocol, bytes(port.hostPort()))
                    : Element.concatenate(host.bytes(), protocol, bytes(port.hostPort()));
            elements.computeIfAbsent(any ? Firewall.PORTS : Firewall.ADDRESS_PORTS, set -> new ArrayList<>())
                    .add(Element.of(key, value));
        }
        return elements;
    }

    private static byte[] bytes(int port) {
        return new byte[] {(byte) (port >> 8), (byte) port};
    }
}
