package dev.forno.linux.nftables;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.netlink.NetlinkAttributes;
import dev.forno.linux.netlink.NetlinkMessage;
import dev.forno.linux.netlink.NetlinkSocket;
import dev.forno.linux.netlink.NetlinkSocket.Reply;
import java.util.ArrayList;
import java.util.List;

/** The packet filter of the network namespace in which it was opened. Thread-safe. */
public final class NetfilterSocket implements AutoCloseable {
    static final int TABLES = 10;
    static final int HEADER = 4;
    private static final int AF_INET = 2;
    private static final int BATCH_BEGIN = 16;
    private static final int BATCH_END = 17;
    private static final int DUMP_ATTEMPTS = 10;

    private final NetlinkSocket socket;

    private NetfilterSocket(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Opens a socket in the calling thread's network namespace. */
    public static NetfilterSocket open() throws ErrnoException {
        return new NetfilterSocket(NetlinkSocket.open(NetlinkSocket.NETFILTER));
    }

    /** Makes the batch's changes, all or none; the error names the first one refused. */
    public void commit(Batch batch) throws ErrnoException {
        socket.executeBatch(envelope(BATCH_BEGIN), batch.messages(), envelope(BATCH_END));
    }

    /** Whether there is an IPv4 table of that name. */
    public boolean hasTable(String table) throws ErrnoException {
        try {
            socket.query(
                    message("find table " + table, TABLES, Batch.GETTABLE, 0).attribute(1, table));
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == ErrnoException.ENOENT) {
                return false;
            }
            throw e;
        }
    }

    /** The elements of a set or map. */
    public List<Element> elements(String table, String set) throws ErrnoException {
        for (int attempt = 1; ; attempt++) {
            try {
                return readElements(table, set);
            } catch (ErrnoException e) {
                if (e.errno() != ErrnoException.EINTR || attempt == DUMP_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    NetlinkSocket socket() {
        return socket;
    }

    /** A request of a netfilter subsystem for IPv4. */
    static NetlinkMessage message(String what, int subsystem, int type, int flags) {
        return new NetlinkMessage(what, subsystem << 8 | type, flags)
                .putByte(AF_INET)
                .putByte(0)
                .putBigShort(0);
    }

    private static NetlinkMessage envelope(int type) {
        return new NetlinkMessage("batch", type, 0).putByte(0).putByte(0).putBigShort(TABLES);
    }

    private List<Element> readElements(String table, String set) throws ErrnoException {
        NetlinkMessage request = message("list elements of " + set, TABLES, Batch.GETSETELEM, NetlinkMessage.DUMP)
                .attribute(1, table)
                .attribute(2, set);
        List<Element> elements = new ArrayList<>();
        for (Reply reply : socket.query(request)) {
            byte[] list = reply.attributes(HEADER).bytes(3).orElse(new byte[0]);
            for (byte[] bytes : NetlinkAttributes.list(list)) {
                NetlinkAttributes element = NetlinkAttributes.parse(bytes);
                byte[] key = element.nested(1).bytes(1).orElse(new byte[0]);
                byte[] value = element.nested(2).bytes(1).orElse(new byte[0]);
                boolean end = (element.bigNumber(3).orElse(0) & 1) != 0;
                elements.add(end ? Element.endOf(key) : Element.of(key, value));
            }
        }
        return elements;
    }
}
