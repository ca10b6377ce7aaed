package dev.forno.network.bridges;

import dev.forno.linux.netlink.Ipv4Address;
import dev.forno.linux.netlink.Ipv4Prefix;
import dev.forno.network.endpoints.Network;
import dev.forno.network.endpoints.NetworkSpec;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The addressing of a network, checked. */
record Plan(Ipv4Prefix subnet, Ipv4Address gateway) {
    private static final int SMALLEST_SUBNET = 30;
    private static final int LARGEST_SUBNET = 8;
    private static final int LONGEST_NAME = 15;
    static final int DEFAULT_MTU = 1500;

    /** What the spec asks for; null when it leaves the subnet open. A subnet with host bits names the gateway, too. */
    static @Nullable Plan of(NetworkSpec spec) {
        if (spec.bridge().isEmpty()
                || spec.bridge().getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME
                || !spec.bridge().matches("[^/\\s:]+")
                || spec.bridge().startsWith(".")) {
            throw invalid(spec, "invalid bridge name \"" + spec.bridge() + "\"");
        }
        if (spec.mtu() != 0 && (spec.mtu() < 68 || spec.mtu() > 65535)) {
            throw invalid(spec, "invalid MTU " + spec.mtu());
        }
        if (spec.subnet() == null) {
            return null;
        }
        try {
            Ipv4Prefix subnet = Ipv4Prefix.parse(spec.subnet());
            Ipv4Address named =
                    Ipv4Address.parse(spec.subnet().substring(0, spec.subnet().indexOf('/')));
            Ipv4Address gateway = spec.gateway() != null && !spec.gateway().isEmpty()
                    ? Ipv4Address.parse(spec.gateway())
                    : named.equals(subnet.first()) ? subnet.first().plus(1) : named;
            return new Plan(subnet, gateway).check(spec);
        } catch (IllegalArgumentException e) {
            throw invalid(spec, String.valueOf(e.getMessage()));
        }
    }

    /** A whole subnet with the gateway at its start. */
    static Plan of(Ipv4Prefix subnet) {
        return new Plan(subnet, subnet.first().plus(1));
    }

    /** The network that the plan makes of the spec. */
    Network network(NetworkSpec spec) {
        return new Network(
                spec.name(),
                spec.bridge(),
                subnet.toString(),
                gateway.toString(),
                spec.mtu() == 0 ? DEFAULT_MTU : spec.mtu(),
                spec.internal());
    }

    private Plan check(NetworkSpec spec) {
        if (subnet.length() > SMALLEST_SUBNET || subnet.length() < LARGEST_SUBNET) {
            throw invalid(spec, "a subnet of " + subnet + " has no use: /8 to /30 are possible");
        }
        if (!subnet.contains(gateway) || gateway.equals(subnet.first()) || gateway.equals(subnet.last())) {
            throw invalid(spec, "gateway " + gateway + " is no host address of " + subnet);
        }
        return this;
    }

    private static FornoException invalid(NetworkSpec spec, String reason) {
        return new FornoException(ErrorKind.INVALID_ARGUMENT, "create network " + spec.name() + ": " + reason);
    }
}
