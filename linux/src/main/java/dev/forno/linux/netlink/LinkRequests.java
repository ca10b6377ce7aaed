package dev.forno.linux.netlink;

import static dev.forno.linux.netlink.NetlinkMessage.CREATE;
import static dev.forno.linux.netlink.NetlinkMessage.EXCLUSIVE;

import java.nio.charset.StandardCharsets;

/** Requests of the routing family that change something; several make one exchange of {@link RouteSocket#execute}. */
public final class LinkRequests {
    private static final int NEWLINK = 16;
    private static final int DELLINK = 17;
    private static final int SETLINK = 19;
    private static final int NEWADDR = 20;
    private static final int NEWROUTE = 24;

    private static final int IFLA_ADDRESS = 1;
    static final int IFLA_IFNAME = 3;
    static final int IFLA_MTU = 4;
    static final int IFLA_MASTER = 10;
    private static final int IFLA_PROTINFO = 12;
    static final int IFLA_LINKINFO = 18;
    static final int IFLA_ALIAS = 20;
    private static final int IFLA_GROUP = 27;
    private static final int IFLA_NET_NS_FD = 28;
    static final int INFO_KIND = 1;
    private static final int INFO_DATA = 2;
    private static final int VETH_PEER = 1;
    private static final int BRPORT_MODE = 4;
    private static final int IFF_UP = 1;

    private static final int AF_INET = 2;
    private static final int AF_BRIDGE = 7;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_BROADCAST = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int RTA_OIF = 4;
    private static final int TABLE_MAIN = 254;
    private static final int PROTOCOL_BOOT = 3;
    private static final int SCOPE_UNIVERSE = 0;
    private static final int UNICAST = 1;

    private LinkRequests() {}

    /** A bridge, down, with a fixed hardware address: one that is not set changes with the ports. */
    public static NetlinkMessage createBridge(String name, MacAddress mac, int mtu) {
        NetlinkMessage message = new NetlinkMessage("create bridge " + name, NEWLINK, CREATE | EXCLUSIVE);
        device(message, 0, 0, 0)
                .attribute(IFLA_IFNAME, name)
                .attribute(IFLA_ADDRESS, mac.bytes())
                .attribute(IFLA_MTU, mtu);
        return message.nest(IFLA_LINKINFO, info -> info.attribute(INFO_KIND, "bridge"));
    }

    /**
     * A pair of virtual Ethernet devices, both down, the second one in another namespace.
     *
     * @param namespace the open descriptor of the peer's namespace
     */
    public static NetlinkMessage createVeth(
            String name, int master, int mtu, String peerName, MacAddress peerMac, int namespace) {
        NetlinkMessage message = new NetlinkMessage("create veth " + name, NEWLINK, CREATE | EXCLUSIVE);
        device(message, 0, 0, 0)
                .attribute(IFLA_IFNAME, name)
                .attribute(IFLA_MTU, mtu)
                .attribute(IFLA_MASTER, master);
        return message.nest(IFLA_LINKINFO, info -> info.attribute(INFO_KIND, "veth")
                .nest(
                        INFO_DATA,
                        data -> data.nest(VETH_PEER, peer -> device(peer, 0, 0, 0)
                                .attribute(IFLA_IFNAME, peerName)
                                .attribute(IFLA_MTU, mtu)
                                .attribute(IFLA_ADDRESS, peerMac.bytes())
                                .attribute(IFLA_NET_NS_FD, namespace))));
    }

    /** Sets the device up. */
    public static NetlinkMessage up(String name) {
        return device(new NetlinkMessage("set up " + name, NEWLINK, 0), 0, IFF_UP, IFF_UP)
                .attribute(IFLA_IFNAME, name);
    }

    /** Attaches a text to the device, by which its owner knows it again. */
    public static NetlinkMessage alias(String name, String alias) {
        return device(new NetlinkMessage("set alias of " + name, NEWLINK, 0), 0, 0, 0)
                .attribute(IFLA_IFNAME, name)
                .attribute(IFLA_ALIAS, alias.getBytes(StandardCharsets.UTF_8));
    }

    /** Lets a bridge send frames back through the port they came from. */
    public static NetlinkMessage hairpin(int index) {
        NetlinkMessage message = new NetlinkMessage("set hairpin of device " + index, SETLINK, 0);
        message.putByte(AF_BRIDGE)
                .putByte(0)
                .putShort(0)
                .putInt(index)
                .putInt(0)
                .putInt(0);
        return message.nest(IFLA_PROTINFO, port -> port.attribute(BRPORT_MODE, new byte[] {1}));
    }

    /** Deletes the device, and a veth's peer with it. */
    public static NetlinkMessage delete(String name) {
        return device(new NetlinkMessage("delete link " + name, DELLINK, 0), 0, 0, 0)
                .attribute(IFLA_IFNAME, name);
    }

    /** Puts the device into a group of devices that are treated together. */
    public static NetlinkMessage group(String name, int group) {
        return device(new NetlinkMessage("set group of " + name, NEWLINK, 0), 0, 0, 0)
                .attribute(IFLA_IFNAME, name)
                .attribute(IFLA_GROUP, group);
    }

    /** Deletes all devices of the group at the price of one. */
    public static NetlinkMessage deleteGroup(int group) {
        return device(new NetlinkMessage("delete links of group " + group, DELLINK, 0), 0, 0, 0)
                .attribute(IFLA_GROUP, group);
    }

    /** Gives a device an address and the route to its subnet. */
    public static NetlinkMessage address(int index, Ipv4Address address, int prefixLength) {
        NetlinkMessage message = new NetlinkMessage(
                "add address " + address + "/" + prefixLength + " to device " + index, NEWADDR, CREATE | EXCLUSIVE);
        message.putByte(AF_INET)
                .putByte(prefixLength)
                .putByte(0)
                .putByte(SCOPE_UNIVERSE)
                .putInt(index);
        return message.attribute(IFA_LOCAL, address.bytes())
                .attribute(IFA_ADDRESS, address.bytes())
                .attribute(
                        IFA_BROADCAST,
                        new Ipv4Prefix(address, prefixLength).last().bytes());
    }

    /** The default route through a gateway of the device's subnet; the device must be up. */
    public static NetlinkMessage defaultRoute(int index, Ipv4Address gateway) {
        NetlinkMessage message = new NetlinkMessage("add default route via " + gateway, NEWROUTE, CREATE | EXCLUSIVE);
        message.putByte(AF_INET).putByte(0).putByte(0).putByte(0);
        message.putByte(TABLE_MAIN)
                .putByte(PROTOCOL_BOOT)
                .putByte(SCOPE_UNIVERSE)
                .putByte(UNICAST)
                .putInt(0);
        return message.attribute(RTA_GATEWAY, gateway.bytes()).attribute(RTA_OIF, index);
    }

    /** The fixed header of link requests. */
    static NetlinkMessage device(NetlinkMessage message, int index, int flags, int change) {
        return message.putByte(0)
                .putByte(0)
                .putShort(0)
                .putInt(index)
                .putInt(flags)
                .putInt(change);
    }
}
