package dev.forno.network.bridges;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.netlink.Ipv4Address;
import dev.forno.linux.netlink.Ipv4Prefix;
import dev.forno.linux.netlink.MacAddress;
import dev.forno.network.endpoints.BoundPort;
import dev.forno.network.endpoints.NetworkSpec;
import dev.forno.network.endpoints.Protocol;
import dev.forno.oci.FornoException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AddressingTest {
    private static Ipv4Address ip(String text) {
        return Ipv4Address.parse(text);
    }

    private static Ipv4Prefix subnet(String text) {
        return Ipv4Prefix.parse(text);
    }

    @Test
    void givesTheLowestFreeAddress() {
        AddressPool pool = new AddressPool(subnet("10.0.0.0/29"), ip("10.0.0.2"));
        assertEquals(Optional.of(ip("10.0.0.1")), pool.take());
        assertEquals(Optional.of(ip("10.0.0.3")), pool.take());
        assertTrue(pool.take(ip("10.0.0.5")));
        assertFalse(pool.take(ip("10.0.0.5")));
        assertEquals(Optional.of(ip("10.0.0.4")), pool.take());
        assertEquals(Optional.of(ip("10.0.0.6")), pool.take());
        assertEquals(Optional.empty(), pool.take());
        pool.release(ip("10.0.0.3"));
        assertEquals(Optional.of(ip("10.0.0.3")), pool.take());
    }

    @Test
    void copesWithTheUpperHalfOfTheAddresses() {
        AddressPool pool = new AddressPool(subnet("172.31.0.0/16"), ip("172.31.0.1"));
        assertEquals(Optional.of(ip("172.31.0.2")), pool.take());
        assertTrue(pool.take(ip("172.31.255.254")));
        assertFalse(pool.take(ip("172.31.255.255")));
    }

    @Test
    void choosesPoolsAsDockerDoes() {
        assertEquals(Optional.of(subnet("172.17.0.0/16")), DefaultPools.choose(List.of(subnet("10.0.0.0/8"))));
        assertEquals(
                Optional.of(subnet("172.19.0.0/16")),
                DefaultPools.choose(List.of(subnet("172.17.3.0/24"), subnet("172.18.0.0/16"))));
        assertEquals(
                Optional.of(subnet("192.168.16.0/20")),
                DefaultPools.choose(List.of(subnet("172.16.0.0/12"), subnet("192.168.1.0/24"))));
        assertEquals(Optional.empty(), DefaultPools.choose(List.of(subnet("172.16.0.0/12"), subnet("192.168.0.0/16"))));
    }

    private static NetworkSpec spec(String subnet, String gateway) {
        return new NetworkSpec("n", "br", subnet, gateway, 0, false);
    }

    @Test
    void plansTheGateway() {
        assertNull(Plan.of(NetworkSpec.bridge("n", "br")));
        assertEquals(new Plan(subnet("10.1.0.0/16"), ip("10.1.0.1")), Plan.of(spec("10.1.0.0/16", "")));
        assertEquals(new Plan(subnet("10.1.0.0/16"), ip("10.1.2.3")), Plan.of(spec("10.1.2.3/16", "")));
        assertEquals(new Plan(subnet("10.1.0.0/16"), ip("10.1.9.9")), Plan.of(spec("10.1.2.3/16", "10.1.9.9")));
    }

    @Test
    void refusesWhatIsNoNetwork() {
        for (String subnet :
                List.of("10.0.0.0/31", "10.0.0.0/7", "10.0.0.0", "10.0.0.256/24", "x/24", "10.0.0.255/24")) {
            assertThrows(FornoException.class, () -> Plan.of(spec(subnet, "")), subnet);
        }
        assertThrows(FornoException.class, () -> Plan.of(spec("10.0.0.0/24", "10.0.1.1")));
        for (String name : List.of("", "a-name-that-is-too-long", "a/b", "a b", "..")) {
            assertThrows(FornoException.class, () -> Plan.of(NetworkSpec.bridge("n", name)), name);
        }
    }

    @Test
    void derivesHardwareAddresses() {
        assertEquals("02:42:ac:11:00:02", MacAddress.of(ip("172.17.0.2")).toString());
        assertEquals("02:42:c0:a8:ff:fe", MacAddress.of(ip("192.168.255.254")).toString());
        assertEquals("0a:1b:2c:3d:4e:5f", MacAddress.parse("0A-1b-2C-3d-4E-5f").toString());
        for (String text : List.of("", "01:00:00:00:00:00", "02:42:ac:11:00", "02:42:ac:11:00:0g")) {
            assertThrows(IllegalArgumentException.class, () -> MacAddress.parse(text), text);
        }
    }

    @Test
    void writesPortsAsElements() {
        var elements = PortElements.of(
                ip("172.17.0.2"),
                List.of(
                        new BoundPort("0.0.0.0", 8080, 80, Protocol.TCP),
                        new BoundPort("::", 8080, 80, Protocol.TCP),
                        new BoundPort("127.0.0.1", 5300, 53, Protocol.UDP)));
        assertEquals(
                Map.of(
                        Firewall.PORTS, List.of("06000000" + "1f900000 > ac110002" + "00500000"),
                        Firewall.ADDRESS_PORTS, List.of("7f000001" + "11000000" + "14b40000 > ac110002" + "00350000")),
                Map.of(
                        Firewall.PORTS, texts(elements, Firewall.PORTS),
                        Firewall.ADDRESS_PORTS, texts(elements, Firewall.ADDRESS_PORTS)));
    }

    private static List<String> texts(Map<String, List<dev.forno.linux.nftables.Element>> elements, String map) {
        return elements.getOrDefault(map, List.of()).stream()
                .map(element -> element.key() + " > " + element.value())
                .toList();
    }
}
