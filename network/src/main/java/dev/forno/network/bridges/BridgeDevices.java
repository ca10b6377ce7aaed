package dev.forno.network.bridges;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.netlink.Ipv4Address;
import dev.forno.linux.netlink.Ipv4Prefix;
import dev.forno.linux.netlink.Link;
import dev.forno.linux.netlink.LinkRequests;
import dev.forno.linux.netlink.MacAddress;
import dev.forno.linux.netlink.RouteSocket;
import dev.forno.linux.netlink.RouteSocket.DeviceAddress;
import dev.forno.network.endpoints.Network;
import dev.forno.network.endpoints.NetworkSpec;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The bridge devices on the host. Devices of this engine carry its mark, so that an orphan is known as its own. */
final class BridgeDevices {
    private static final String BRIDGE = "bridge";

    private final RouteSocket route;
    private final String mark;
    private final RandomGenerator random;

    BridgeDevices(RouteSocket route, String table, RandomGenerator random) {
        this.route = route;
        this.mark = "forno:" + table;
        this.random = random;
    }

    /** Makes the device exist with its address, and says what the network is. */
    Network ensure(NetworkSpec spec, List<Ipv4Prefix> reserved) throws IOException {
        Plan plan = Plan.of(spec);
        Optional<Link> existing = route.link(spec.bridge());
        if (existing.isPresent() && !existing.get().kind().equals(BRIDGE)) {
            throw new FornoException(
                    ErrorKind.CONFLICT,
                    "create network " + spec.name() + ": " + spec.bridge() + " exists and is no bridge");
        }
        Optional<DeviceAddress> address = existing.isPresent() ? addressOf(existing.get()) : Optional.empty();
        if (plan == null) {
            plan = address.isPresent()
                    ? new Plan(address.get().subnet(), address.get().address())
                    : choose(spec, reserved);
        }
        Network network = plan.network(spec);
        if (existing.isPresent() && address.isPresent() && !matches(address.get(), plan)) {
            refuseIfUsed(spec, existing.get(), address.get());
            route.execute(LinkRequests.delete(spec.bridge()));
            existing = Optional.empty();
            address = Optional.empty();
        }
        create(network, plan, existing, address.isPresent());
        HostSettings.routeLoopback(network.bridge());
        if (!network.internal()) {
            HostSettings.forwardPackets();
        }
        return network;
    }

    /** The number of the device that ports are to be connected to. */
    Optional<Link> find(Network network) throws ErrnoException {
        return route.link(network.bridge()).filter(link -> link.kind().equals(BRIDGE));
    }

    /** Removes the device; fine when it is gone. */
    void remove(Network network) throws ErrnoException {
        Devices.delete(route, network.bridge());
    }

    /** Removes the devices that carry this engine's mark and belong to none of the networks. */
    void removeOrphans(Set<String> bridges) throws ErrnoException {
        for (Link link : route.links()) {
            if (link.alias().equals(mark) && !bridges.contains(link.name())) {
                Devices.delete(route, link.name());
            }
        }
    }

    private void create(Network network, Plan plan, Optional<Link> existing, boolean addressed) throws IOException {
        boolean made = existing.isEmpty();
        if (made) {
            MacAddress mac = new MacAddress(0x0242L << 32 | Integer.toUnsignedLong(random.nextInt()));
            route.execute(
                    LinkRequests.createBridge(network.bridge(), mac, network.mtu()),
                    LinkRequests.alias(network.bridge(), mark));
        }
        try {
            int index = find(network).map(Link::index).orElse(0);
            if (!addressed) {
                route.execute(LinkRequests.address(
                        index, plan.gateway(), plan.subnet().length()));
            }
            route.execute(LinkRequests.up(network.bridge()));
        } catch (IOException e) {
            if (made) {
                remove(network);
            }
            throw e;
        }
    }

    private Optional<DeviceAddress> addressOf(Link link) throws ErrnoException {
        return route.addresses().stream()
                .filter(address -> address.index() == link.index())
                .findFirst();
    }

    private Plan choose(NetworkSpec spec, List<Ipv4Prefix> reserved) throws ErrnoException {
        List<Ipv4Prefix> used = new ArrayList<>(reserved);
        route.routes().forEach(known -> used.add(known.destination()));
        route.addresses().forEach(address -> used.add(address.subnet()));
        return DefaultPools.choose(used)
                .map(Plan::of)
                .orElseThrow(() -> new FornoException(
                        ErrorKind.RESOURCE_EXHAUSTED,
                        "create network " + spec.name() + ": all predefined address pools overlap routes of the host; "
                                + "name a subnet"));
    }

    private void refuseIfUsed(NetworkSpec spec, Link bridge, DeviceAddress address) throws ErrnoException {
        if (!bridge.alias().equals(mark) || route.links().stream().anyMatch(link -> link.master() == bridge.index())) {
            throw new FornoException(
                    ErrorKind.CONFLICT,
                    "create network " + spec.name() + ": bridge " + spec.bridge() + " is in use with address "
                            + address.address() + "/" + address.prefixLength());
        }
    }

    private static boolean matches(DeviceAddress address, Plan plan) {
        Ipv4Address own = address.address();
        return own.equals(plan.gateway())
                && address.prefixLength() == plan.subnet().length();
    }
}
