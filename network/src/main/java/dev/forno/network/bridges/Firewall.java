package dev.forno.network.bridges;

import static dev.forno.linux.nftables.Expressions.DESTINATION_TRANSLATED;
import static dev.forno.linux.nftables.Expressions.ESTABLISHED_OR_RELATED;
import static dev.forno.linux.nftables.Expressions.IN_NAME;
import static dev.forno.linux.nftables.Expressions.NAME_REGISTERS;
import static dev.forno.linux.nftables.Expressions.OUT_NAME;
import static dev.forno.linux.nftables.Expressions.PROTOCOL;
import static dev.forno.linux.nftables.Expressions.accept;
import static dev.forno.linux.nftables.Expressions.destinationAddress;
import static dev.forno.linux.nftables.Expressions.destinationKind;
import static dev.forno.linux.nftables.Expressions.destinationPort;
import static dev.forno.linux.nftables.Expressions.drop;
import static dev.forno.linux.nftables.Expressions.in;
import static dev.forno.linux.nftables.Expressions.isLocal;
import static dev.forno.linux.nftables.Expressions.isLoopback;
import static dev.forno.linux.nftables.Expressions.isNotLoopback;
import static dev.forno.linux.nftables.Expressions.isNotZero;
import static dev.forno.linux.nftables.Expressions.jump;
import static dev.forno.linux.nftables.Expressions.map;
import static dev.forno.linux.nftables.Expressions.mask;
import static dev.forno.linux.nftables.Expressions.masquerade;
import static dev.forno.linux.nftables.Expressions.meta;
import static dev.forno.linux.nftables.Expressions.notIn;
import static dev.forno.linux.nftables.Expressions.sourceAddress;
import static dev.forno.linux.nftables.Expressions.state;
import static dev.forno.linux.nftables.Expressions.status;
import static dev.forno.linux.nftables.Expressions.translateDestination;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.nftables.Batch;
import dev.forno.linux.nftables.Batch.Field;
import dev.forno.linux.nftables.Batch.Hook;
import dev.forno.linux.nftables.Element;
import dev.forno.linux.nftables.NetfilterSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The engine's own table of the packet filter. The rules never change: what changes are elements of its sets and maps, so
 * that a published port costs the same however many there are. What shall be in them is kept here, and the whole table is
 * written anew, in one step without a gap, when the kernel's turns out to differ. Thread-safe.
 */
final class Firewall implements AutoCloseable {
    static final String PORTS = "ports";
    static final String ADDRESS_PORTS = "address-ports";
    static final String BRIDGES = "bridges";
    static final String SAME = "same-bridge";
    static final String INTERNAL = "internal-bridges";
    static final String SUBNETS = "subnets";
    private static final String PUBLISHED = "published";

    private static final int PRIORITY_RAW = -300;
    private static final int PRIORITY_DESTINATION = -100;
    private static final int PRIORITY_FILTER = 0;
    private static final int PRIORITY_SOURCE = 100;

    private final String table;
    private final NetfilterSocket socket;
    private final Map<String, Set<Element>> wanted = new LinkedHashMap<>();
    private boolean written;

    Firewall(String table, NetfilterSocket socket) {
        this.table = table;
        this.socket = socket;
        for (String set : List.of(PORTS, ADDRESS_PORTS, BRIDGES, SAME, INTERNAL, SUBNETS)) {
            wanted.put(set, new LinkedHashSet<>());
        }
    }

    /** Adds elements, all or none. */
    synchronized void add(Map<String, List<Element>> elements) throws ErrnoException {
        elements.forEach((set, list) -> wantedIn(set).addAll(list));
        try {
            change(elements, true);
        } catch (ErrnoException e) {
            elements.forEach((set, list) -> list.forEach(wantedIn(set)::remove));
            throw e;
        }
    }

    /** Notes what shall be in the table from the next {@link #rewrite} on. */
    synchronized void want(Map<String, List<Element>> elements) {
        elements.forEach((set, list) -> wantedIn(set).addAll(list));
    }

    /** Removes elements. */
    synchronized void remove(Map<String, List<Element>> elements) throws ErrnoException {
        elements.forEach((set, list) -> list.forEach(wantedIn(set)::remove));
        change(elements, false);
    }

    /** Replaces the whole table with what is wanted, in one step. */
    synchronized void rewrite() throws ErrnoException {
        Batch batch = new Batch(table).createTable().deleteTable().createTable();
        sets(batch);
        chains(batch);
        wanted.forEach((set, elements) -> batch.add(set, new ArrayList<>(elements)));
        socket.commit(batch);
        written = true;
    }

    /** Removes the table when nothing is wanted any more. */
    synchronized void removeIfEmpty() throws ErrnoException {
        if (wanted.values().stream().allMatch(Set::isEmpty)) {
            socket.commit(new Batch(table).createTable().deleteTable());
            written = false;
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    private void change(Map<String, List<Element>> elements, boolean add) throws ErrnoException {
        if (!written) {
            rewrite();
            return;
        }
        Batch batch = new Batch(table);
        elements.forEach((set, list) -> {
            if (add) {
                batch.add(set, list);
            } else {
                batch.delete(set, list);
            }
        });
        try {
            socket.commit(batch);
        } catch (ErrnoException e) {
            if (e.errno() != ErrnoException.ENOENT && e.errno() != ErrnoException.EEXIST) {
                throw e;
            }
            rewrite(); // somebody flushed or edited the table
        }
    }

    private Set<Element> wantedIn(String set) {
        Set<Element> elements = wanted.get(set);
        if (elements == null) {
            throw new IllegalArgumentException("no set " + set);
        }
        return elements;
    }

    private static void sets(Batch batch) {
        List<Field> destination = List.of(Field.ADDRESS, Field.PORT);
        batch.createMap(PORTS, List.of(Field.PROTOCOL, Field.PORT), destination)
                .createMap(ADDRESS_PORTS, List.of(Field.ADDRESS, Field.PROTOCOL, Field.PORT), destination)
                .createSet(BRIDGES, List.of(Field.INTERFACE))
                .createSet(SAME, List.of(Field.INTERFACE, Field.INTERFACE))
                .createSet(INTERNAL, List.of(Field.INTERFACE))
                .createIntervalSet(SUBNETS, Field.ADDRESS);
    }

    private static void chains(Batch batch) {
        batch.createChain(PUBLISHED)
                .rule(
                        PUBLISHED,
                        destinationAddress(0),
                        meta(1, PROTOCOL),
                        destinationPort(2),
                        map(0, ADDRESS_PORTS),
                        translateDestination(0))
                .rule(PUBLISHED, meta(0, PROTOCOL), destinationPort(1), map(0, PORTS), translateDestination(0));
        // Packets to the loopback addresses never come from another machine or a container honestly: bridges accept
        // them only so that the answers to local connections find back.
        batch.createChain("guard", "filter", Hook.PREROUTING, PRIORITY_RAW)
                .rule("guard", meta(0, IN_NAME), in(0, BRIDGES), destinationAddress(0), isLoopback(0), drop());
        batch.createChain("prerouting", "nat", Hook.PREROUTING, PRIORITY_DESTINATION)
                .rule(
                        "prerouting",
                        destinationAddress(0),
                        isNotLoopback(0),
                        destinationKind(0),
                        isLocal(0),
                        jump(PUBLISHED));
        batch.createChain("output", "nat", Hook.OUTPUT, PRIORITY_DESTINATION)
                .rule("output", destinationKind(0), isLocal(0), jump(PUBLISHED));
        // Outbound; then connections to a published port from containers (the answer must come back this way, not
        // straight over the bridge) and from the host's loopback.
        batch.createChain("postrouting", "nat", Hook.POSTROUTING, PRIORITY_SOURCE)
                .rule(
                        "postrouting",
                        sourceAddress(0),
                        in(0, SUBNETS),
                        meta(0, OUT_NAME),
                        notIn(0, BRIDGES),
                        masquerade())
                .rule(
                        "postrouting",
                        meta(0, OUT_NAME),
                        in(0, BRIDGES),
                        status(0),
                        mask(0, DESTINATION_TRANSLATED),
                        isNotZero(0),
                        sourceAddress(0),
                        in(0, SUBNETS),
                        masquerade())
                .rule("postrouting", meta(0, OUT_NAME), in(0, BRIDGES), sourceAddress(0), isLoopback(0), masquerade());
        // Into a bridge come answers, published ports and its own containers; nothing from other bridges or machines.
        batch.createChain("forward", "filter", Hook.FORWARD, PRIORITY_FILTER)
                .rule("forward", state(0), mask(0, ESTABLISHED_OR_RELATED), isNotZero(0), accept())
                .rule("forward", meta(0, IN_NAME), meta(NAME_REGISTERS, OUT_NAME), in(0, SAME), accept())
                .rule("forward", meta(0, IN_NAME), in(0, INTERNAL), drop())
                .rule("forward", status(0), mask(0, DESTINATION_TRANSLATED), isNotZero(0), accept())
                .rule("forward", meta(0, OUT_NAME), in(0, BRIDGES), drop());
    }
}
