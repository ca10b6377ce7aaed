package dev.forno.linux.netlink;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.netlink.NetlinkSocket.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Links, addresses and routes of the network namespace in which it was opened, wherever it is used. Thread-safe.
 */
public final class RouteSocket implements AutoCloseable {
    private static final int GETLINK = 18;
    private static final int GETADDR = 22;
    private static final int GETROUTE = 26;
    private static final int AF_INET = 2;
    private static final int LINK_HEADER = 16;
    private static final int ADDRESS_HEADER = 8;
    private static final int ROUTE_HEADER = 12;
    private static final int IFF_UP = 1;
    private static final int IFA_LOCAL = 2;
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int UNICAST = 1;
    private static final int DUMP_ATTEMPTS = 10;

    private final NetlinkSocket socket;

    private RouteSocket(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** An address of a device. */
    public record DeviceAddress(int index, Ipv4Address address, int prefixLength) {
        /** The subnet that the address is in. */
        public Ipv4Prefix subnet() {
            return new Ipv4Prefix(address, prefixLength);
        }
    }

    /** A route to a destination; its device's number is 0 when it has several. */
    public record Route(Ipv4Prefix destination, int index) {}

    /** Opens a socket in the calling thread's network namespace. */
    public static RouteSocket open() throws ErrnoException {
        return new RouteSocket(NetlinkSocket.open(NetlinkSocket.ROUTE));
    }

    /** Makes the requests in order in one exchange; see {@link NetlinkSocket#execute}. */
    public void execute(NetlinkMessage... requests) throws ErrnoException {
        socket.execute(List.of(requests));
    }

    /** All devices. */
    public List<Link> links() throws ErrnoException {
        return dump(() -> LinkRequests.device(new NetlinkMessage("list links", GETLINK, NetlinkMessage.DUMP), 0, 0, 0))
                .stream()
                .map(RouteSocket::link)
                .toList();
    }

    /** The device of that name. */
    public Optional<Link> link(String name) throws ErrnoException {
        NetlinkMessage request = LinkRequests.device(new NetlinkMessage("find link " + name, GETLINK, 0), 0, 0, 0)
                .attribute(LinkRequests.IFLA_IFNAME, name);
        try {
            return socket.query(request).stream().map(RouteSocket::link).findFirst();
        } catch (ErrnoException e) {
            if (e.errno() == ErrnoException.ENODEV) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** All IPv4 addresses. */
    public List<DeviceAddress> addresses() throws ErrnoException {
        List<DeviceAddress> addresses = new ArrayList<>();
        for (Reply reply : dump(() -> new NetlinkMessage("list addresses", GETADDR, NetlinkMessage.DUMP)
                .putByte(AF_INET)
                .putByte(0)
                .putShort(0)
                .putInt(0))) {
            int prefixLength = reply.body().get(1);
            int index = reply.body().getInt(4);
            reply.attributes(ADDRESS_HEADER)
                    .bytes(IFA_LOCAL)
                    .ifPresent(local -> addresses.add(new DeviceAddress(index, Ipv4Address.of(local), prefixLength)));
        }
        return addresses;
    }

    /** The IPv4 routes to other machines of all tables, without the default routes. */
    public List<Route> routes() throws ErrnoException {
        List<Route> routes = new ArrayList<>();
        for (Reply reply : dump(() -> new NetlinkMessage("list routes", GETROUTE, NetlinkMessage.DUMP)
                .putByte(AF_INET)
                .putByte(0)
                .putShort(0)
                .putInt(0)
                .putInt(0))) {
            int length = Byte.toUnsignedInt(reply.body().get(1));
            NetlinkAttributes attributes = reply.attributes(ROUTE_HEADER);
            Optional<byte[]> destination = attributes.bytes(RTA_DST);
            if (reply.body().get(7) == UNICAST && length > 0 && destination.isPresent()) {
                Ipv4Prefix prefix = new Ipv4Prefix(Ipv4Address.of(destination.get()), length);
                routes.add(new Route(prefix, attributes.number(RTA_OIF).orElse(0)));
            }
        }
        return routes;
    }

    @Override
    public void close() {
        socket.close();
    }

    /** A dump that another change interrupted is read again: it may have missed an object. */
    private List<Reply> dump(java.util.function.Supplier<NetlinkMessage> request) throws ErrnoException {
        for (int attempt = 1; ; attempt++) {
            try {
                return socket.query(request.get());
            } catch (ErrnoException e) {
                if (e.errno() != ErrnoException.EINTR || attempt == DUMP_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static Link link(Reply reply) {
        int index = reply.body().getInt(4);
        boolean up = (reply.body().getInt(8) & IFF_UP) != 0;
        NetlinkAttributes attributes = reply.attributes(LINK_HEADER);
        return new Link(
                index,
                attributes.text(LinkRequests.IFLA_IFNAME).orElse(""),
                attributes.number(LinkRequests.IFLA_MASTER).orElse(0),
                attributes
                        .nested(LinkRequests.IFLA_LINKINFO)
                        .text(LinkRequests.INFO_KIND)
                        .orElse(""),
                up,
                attributes.number(LinkRequests.IFLA_MTU).orElse(0),
                attributes.text(LinkRequests.IFLA_ALIAS).orElse(""));
    }
}
