package dev.forno.linux.nftables;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.netlink.Ipv4Address;
import dev.forno.linux.netlink.NetlinkAttributes;
import dev.forno.linux.netlink.NetlinkMessage;
import dev.forno.linux.netlink.NetlinkSocket.Reply;
import java.util.Arrays;

/** The connections that the kernel tracks. */
public final class Connections {
    private static final int CONNTRACK = 1;
    private static final int GET = 1;
    private static final int DELETE = 2;
    private static final int ORIGINAL = 1;
    private static final int REPLY = 2;
    private static final int ID = 12;
    private static final int FILTER = 25;
    private static final int FILTER_REPLY_FLAGS = 2;
    private static final int FILTER_SOURCE = 1;
    private static final int TUPLE_IP = 1;
    private static final int IP_SOURCE = 1;

    private Connections() {}

    /** Deletes the connections that this address answers, whatever address they were made to. */
    public static void forget(NetfilterSocket socket, Ipv4Address answering) throws ErrnoException {
        for (Reply reply : socket.socket().query(list(answering))) {
            NetlinkAttributes connection = reply.attributes(NetfilterSocket.HEADER);
            byte[] source =
                    connection.nested(REPLY).nested(TUPLE_IP).bytes(IP_SOURCE).orElse(new byte[0]);
            if (Arrays.equals(source, answering.bytes())) { // an old kernel may not have filtered
                delete(socket, connection);
            }
        }
    }

    private static NetlinkMessage list(Ipv4Address answering) {
        return NetfilterSocket.message("list connections", CONNTRACK, GET, NetlinkMessage.DUMP)
                .nest(REPLY, tuple -> tuple.nest(TUPLE_IP, ip -> ip.attribute(IP_SOURCE, answering.bytes())))
                .nest(FILTER, filter -> filter.attribute(FILTER_REPLY_FLAGS, FILTER_SOURCE));
    }

    private static void delete(NetfilterSocket socket, NetlinkAttributes connection) throws ErrnoException {
        NetlinkMessage request = NetfilterSocket.message("delete connection", CONNTRACK, DELETE, 0);
        connection.bytes(ORIGINAL).ifPresent(tuple -> request.nest(ORIGINAL, nested -> nested.raw(tuple)));
        connection.bytes(ID).ifPresent(id -> request.attribute(ID, id));
        try {
            socket.socket().execute(java.util.List.of(request));
        } catch (ErrnoException e) {
            if (e.errno() != ErrnoException.ENOENT) { // it has ended meanwhile
                throw e;
            }
        }
    }
}
