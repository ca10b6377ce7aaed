package dev.forno.network.bridges;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel's network settings of the calling thread's namespace, in {@code /proc/sys/net}. */
final class HostSettings {
    private static final Path NET = Path.of("/proc/sys/net");

    private HostSettings() {}

    /** Lets the machine pass packets on: without it no container reaches another machine. Left alone when it does so already. */
    static void forwardPackets() throws IOException {
        change("ipv4/ip_forward", "1");
    }

    /** Whether the machine passes packets on. */
    static boolean forwardsPackets() {
        return is("ipv4/ip_forward", "1");
    }

    /** Lets answers to connections from the host's loopback come back through the device. */
    static void routeLoopback(String device) throws IOException {
        change("ipv4/conf/" + device + "/route_localnet", "1");
    }

    /** Gives interfaces that will appear in this namespace no IPv6 of their own; fine when the kernel has none. */
    static void withoutIpv6() throws IOException {
        if (Files.exists(NET.resolve("ipv6/conf/default"))) {
            change("ipv6/conf/default/disable_ipv6", "1");
        }
    }

    /** Whether frames that a bridge passes between its ports go through the packet filter. */
    static boolean filtersBridgedPackets() {
        return is("bridge/bridge-nf-call-iptables", "1");
    }

    private static boolean is(String setting, String value) {
        try {
            return Files.readString(NET.resolve(setting)).strip().equals(value);
        } catch (IOException e) {
            return false; // the part of the kernel that has this setting is not loaded
        }
    }

    private static void change(String setting, String value) throws IOException {
        if (!is(setting, value)) {
            Files.writeString(NET.resolve(setting), value);
        }
    }
}
