package dev.forno.network.bridges;

import dev.forno.linux.netlink.Ipv4Address;
import dev.forno.linux.netlink.Ipv4Prefix;
import dev.forno.linux.nftables.Batch;
import dev.forno.linux.nftables.Element;
import dev.forno.network.endpoints.EndpointSpec;
import dev.forno.network.endpoints.Network;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One network at work: its addresses and what the packet filter must know of it. Thread-safe. */
final class Bridge {
    private final Network network;
    private final Ipv4Prefix subnet;
    private final Ipv4Address gateway;
    private final AddressPool addresses;

    Bridge(Network network) {
        this.network = network;
        this.subnet = Ipv4Prefix.parse(network.subnet());
        this.gateway = Ipv4Address.parse(network.gateway());
        this.addresses = new AddressPool(subnet, gateway);
    }

    Network network() {
        return network;
    }

    Ipv4Prefix subnet() {
        return subnet;
    }

    Ipv4Address gateway() {
        return gateway;
    }

    /**
     * The endpoint's address: the one asked for, or the next free one.
     *
     * @param settle waits until the addresses of endpoints that are just being removed are free
     */
    Ipv4Address take(EndpointSpec spec, Runnable settle) {
        String wanted = spec.ip();
        if (wanted == null || wanted.isEmpty()) {
            Optional<Ipv4Address> free = addresses.take();
            if (free.isEmpty()) {
                settle.run();
                free = addresses.take();
            }
            return free.orElseThrow(() -> new FornoException(
                    ErrorKind.RESOURCE_EXHAUSTED,
                    "connect " + spec.containerName() + ": no available IPv4 addresses on network " + network.name()
                            + " (" + subnet + ")"));
        }
        Ipv4Address address = parse(spec, wanted);
        if (!isHost(address)) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "connect " + spec.containerName() + ": " + wanted + " is no host address of network "
                            + network.name() + " (" + subnet + ")");
        }
        if (!addresses.take(address)) {
            settle.run();
            if (!addresses.take(address)) {
                throw new FornoException(
                        ErrorKind.CONFLICT,
                        "connect " + spec.containerName() + ": address " + address + " already in use");
            }
        }
        return address;
    }

    /** Takes the address of an endpoint that is there already; false when it is not this network's or another's. */
    boolean takeAgain(Ipv4Address address) {
        return isHost(address) && addresses.take(address);
    }

    void release(Ipv4Address address) {
        addresses.release(address);
    }

    /** The network's elements in the packet filter. */
    Map<String, List<Element>> elements() {
        byte[] name = Batch.interfaceName(network.bridge());
        Element device = Element.of(name);
        Element pair = Element.of(Element.concatenate(name, name));
        Map<String, List<Element>> elements = new LinkedHashMap<>();
        elements.put(Firewall.BRIDGES, List.of(device));
        elements.put(Firewall.SAME, List.of(pair));
        if (network.internal()) {
            elements.put(Firewall.INTERNAL, List.of(device));
        }
        elements.put(
                Firewall.SUBNETS,
                List.of(
                        Element.of(subnet.first().bytes()),
                        Element.endOf(subnet.last().plus(1).bytes())));
        return elements;
    }

    private boolean isHost(Ipv4Address address) {
        return subnet.contains(address) && !address.equals(subnet.first()) && !address.equals(subnet.last());
    }

    private static Ipv4Address parse(EndpointSpec spec, String text) {
        try {
            return Ipv4Address.parse(text);
        } catch (IllegalArgumentException e) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT, "connect " + spec.containerName() + ": invalid IP address: " + text, e);
        }
    }
}
