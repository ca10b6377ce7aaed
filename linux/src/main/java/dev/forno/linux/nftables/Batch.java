package dev.forno.linux.nftables;

import dev.forno.linux.netlink.NetlinkMessage;
import dev.forno.linux.nftables.Expressions.Expression;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Changes to one IPv4 table that take effect together or not at all. Not thread-safe. */
public final class Batch {
    /** What a field of a key or value is; {@code nft list} prints it by this. */
    public enum Field {
        ADDRESS(7, 4),
        PROTOCOL(12, 4),
        PORT(13, 4),
        INTERFACE(41, 16);

        private final int type;
        private final int size;

        Field(int type, int size) {
            this.type = type;
            this.size = size;
        }
    }

    /** Where in a packet's way a chain stands. */
    public enum Hook {
        PREROUTING(0),
        INPUT(1),
        FORWARD(2),
        OUTPUT(3),
        POSTROUTING(4);

        private final int number;

        Hook(int number) {
            this.number = number;
        }

        static Optional<Hook> of(int number) {
            return Arrays.stream(values()).filter(hook -> hook.number == number).findFirst();
        }
    }

    static final int NEWTABLE = 0;
    private static final int DELTABLE = 2;
    private static final int NEWCHAIN = 3;
    static final int GETCHAIN = 4;
    private static final int NEWRULE = 6;
    private static final int NEWSET = 9;
    private static final int NEWSETELEM = 12;
    static final int GETSETELEM = 13;
    private static final int DELSETELEM = 14;

    private static final int SET_INTERVAL = 4;
    private static final int SET_MAP = 8;
    private static final int CONCATENATED_TYPE_BITS = 6;
    /** A list attribute holds at most 64 KiB. */
    private static final int ELEMENTS_PER_MESSAGE = 400;

    private final String table;
    private final List<NetlinkMessage> messages = new ArrayList<>();
    private int sets;

    /** Starts a batch of changes to the table. */
    public Batch(String table) {
        this.table = table;
    }

    List<NetlinkMessage> messages() {
        return messages;
    }

    /** Whether nothing is to change. */
    public boolean isEmpty() {
        return messages.isEmpty();
    }

    /** Creates the table; fine when it exists. */
    public Batch createTable() {
        start("create table " + table, NEWTABLE, NetlinkMessage.CREATE)
                .attribute(1, table)
                .bigAttribute(2, 0);
        return this;
    }

    /** Deletes the table with all that is in it. */
    public Batch deleteTable() {
        start("delete table " + table, DELTABLE, 0).attribute(1, table);
        return this;
    }

    /** Creates a set of keys of these fields. */
    public Batch createSet(String name, List<Field> key) {
        NetlinkMessage message = set(name, key, 0);
        if (key.equals(List.of(Field.INTERFACE))) {
            message.attribute(13, machineOrderNote()); // without it nft prints names as empty; the kernel doesn't care
        }
        return this;
    }

    /** Creates a set of intervals of one field. */
    public Batch createIntervalSet(String name, Field key) {
        set(name, List.of(key), SET_INTERVAL);
        return this;
    }

    /** Creates a map from keys to values of these fields. */
    public Batch createMap(String name, List<Field> key, List<Field> value) {
        set(name, key, SET_MAP).bigAttribute(6, type(value)).bigAttribute(7, size(value));
        return this;
    }

    /** Creates a chain that others jump to. */
    public Batch createChain(String name) {
        start("create chain " + name, NEWCHAIN, NetlinkMessage.CREATE)
                .attribute(1, table)
                .attribute(3, name);
        return this;
    }

    /**
     * Creates a chain that the kernel calls; packets pass unless a rule drops them.
     *
     * @param type {@code filter} or {@code nat}
     * @param priority the order among the chains of a hook, lowest first
     */
    public Batch createChain(String name, String type, Hook hook, int priority) {
        int accept = 1;
        start("create chain " + name, NEWCHAIN, NetlinkMessage.CREATE)
                .attribute(1, table)
                .attribute(3, name)
                .nest(4, h -> h.bigAttribute(1, hook.number).bigAttribute(2, priority))
                .bigAttribute(5, accept)
                .attribute(7, type);
        return this;
    }

    /** Appends a rule to a chain. */
    public Batch rule(String chain, Expression... expressions) {
        start("add rule to chain " + chain, NEWRULE, NetlinkMessage.CREATE | NetlinkMessage.APPEND)
                .attribute(1, table)
                .attribute(2, chain)
                .nest(4, list -> {
                    for (Expression expression : expressions) {
                        list.nest(1, e -> e.attribute(1, expression.name()).nest(2, expression.data()));
                    }
                });
        return this;
    }

    /** Adds elements; one that is there with the same value is fine, with another it fails the batch with EEXIST. */
    public Batch add(String set, List<Element> elements) {
        return elements("add elements to " + set, NEWSETELEM, NetlinkMessage.CREATE, set, elements);
    }

    /** Deletes elements by their keys; one that isn't there fails the batch with ENOENT. */
    public Batch delete(String set, List<Element> elements) {
        return elements("delete elements of " + set, DELSETELEM, 0, set, elements);
    }

    /** An interface's name as a key's field. */
    public static byte[] interfaceName(String name) {
        return Arrays.copyOf(name.getBytes(StandardCharsets.UTF_8), Field.INTERFACE.size);
    }

    private Batch elements(String what, int type, int flags, String set, List<Element> elements) {
        for (int from = 0; from < elements.size(); from += ELEMENTS_PER_MESSAGE) {
            List<Element> part = elements.subList(from, Math.min(elements.size(), from + ELEMENTS_PER_MESSAGE));
            start(what, type, flags)
                    .attribute(1, table)
                    .attribute(2, set)
                    .nest(
                            3,
                            list -> part.forEach(e -> {
                                list.nest(1, element -> element(element, e));
                            }));
        }
        return this;
    }

    private static void element(NetlinkMessage message, Element element) {
        message.nest(1, key -> key.attribute(1, element.keyBytes()));
        if (!element.value().isEmpty()) {
            message.nest(2, data -> data.attribute(1, element.valueBytes()));
        }
        if (element.end()) {
            message.bigAttribute(3, 1);
        }
    }

    private NetlinkMessage set(String name, List<Field> key, int flags) {
        return start("create set " + name, NEWSET, NetlinkMessage.CREATE)
                .attribute(1, table)
                .attribute(2, name)
                .bigAttribute(3, flags)
                .bigAttribute(4, type(key))
                .bigAttribute(5, size(key))
                .bigAttribute(10, ++sets);
    }

    private NetlinkMessage start(String what, int type, int flags) {
        NetlinkMessage message = NetfilterSocket.message(what, NetfilterSocket.TABLES, type, flags);
        messages.add(message);
        return message;
    }

    /** What nft stores with a set to know later that keys are in the machine's byte order: type, length, value. */
    private static byte[] machineOrderNote() {
        return ByteBuffer.allocate(6)
                .order(ByteOrder.nativeOrder())
                .put((byte) 0)
                .put((byte) 4)
                .putInt(1)
                .array();
    }

    private static int type(List<Field> fields) {
        return fields.stream()
                .mapToInt(field -> field.type)
                .reduce(0, (all, type) -> all << CONCATENATED_TYPE_BITS | type);
    }

    private static int size(List<Field> fields) {
        return fields.stream().mapToInt(field -> field.size).sum();
    }
}
