package dev.forno.linux.nftables;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.netlink.NetlinkAttributes;
import dev.forno.linux.netlink.NetlinkMessage;
import dev.forno.linux.netlink.NetlinkSocket;
import dev.forno.linux.netlink.NetlinkSocket.Reply;
import dev.forno.linux.nftables.Batch.Hook;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The packet filter of the network namespace in which it was opened. Thread-safe. */
public final class NetfilterSocket implements AutoCloseable {
    static final int TABLES = 10;
    static final int HEADER = 4;
    private static final int AF_INET = 2;
    private static final int FAMILY_INET = 1;
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

    /** The chains of all tables that IPv4 packets go through. */
    public List<BaseChain> baseChains() throws ErrnoException {
        List<BaseChain> chains = new ArrayList<>();
        NetlinkMessage request = new NetlinkMessage("list chains", TABLES << 8 | Batch.GETCHAIN, NetlinkMessage.DUMP)
                .putByte(0)
                .putByte(0)
                .putBigShort(0);
        for (Reply reply : socket.query(request)) {
            NetlinkAttributes chain = reply.attributes(HEADER);
            OptionalInt hook = chain.nested(4).bigNumber(1);
            int family = reply.body().get(0);
            if (hook.isPresent() && (family == AF_INET || family == FAMILY_INET)) {
                String table =
                        (family == AF_INET ? "ip " : "inet ") + chain.text(1).orElse("");
                boolean drops = chain.bigNumber(5).orElse(1) == 0;
                Hook.of(hook.getAsInt())
                        .ifPresent(at ->
                                chains.add(new BaseChain(table, chain.text(3).orElse(""), at, drops)));
            }
        }
        return chains;
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
