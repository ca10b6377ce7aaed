package dev.forno.linux.nftables;

import dev.forno.linux.netlink.NetlinkMessage;
import java.util.function.Consumer;

/**
 * The steps of a rule. Each loads something into registers, tests a register (the rule ends there when the test fails) or
 * decides. Registers are 4 bytes wide and numbered from 0; a value of more bytes takes the ones that follow.
 */
public final class Expressions {
    /** The interface a packet came in by. */
    public static final int IN_NAME = 6;
    /** The interface a packet goes out by. */
    public static final int OUT_NAME = 7;
    /** The protocol after the IP header. */
    public static final int PROTOCOL = 16;
    /** How many registers an interface's name takes. */
    public static final int NAME_REGISTERS = 4;
    /** Connection states, for {@link #state}. */
    public static final int ESTABLISHED_OR_RELATED = 2 | 4;
    /** The connection status "destination was translated", for {@link #status}. */
    public static final int DESTINATION_TRANSLATED = 1 << 5;

    private static final int FIRST_REGISTER = 8;
    private static final int VERDICT_REGISTER = 0;
    private static final int NETWORK_HEADER = 1;
    private static final int TRANSPORT_HEADER = 2;
    private static final int EQUAL = 0;
    private static final int NOT_EQUAL = 1;
    private static final int LOCAL = 2;
    private static final int AF_INET = 2;
    private static final int DROP = 0;
    private static final int ACCEPT = 1;
    private static final int JUMP = -3;

    private Expressions() {}

    /** One step. */
    public record Expression(String name, Consumer<NetlinkMessage> data) {}

    /** Loads the packet's source address: one register. */
    public static Expression sourceAddress(int register) {
        return payload(register, NETWORK_HEADER, 12, 4);
    }

    /** Loads the packet's destination address: one register. */
    public static Expression destinationAddress(int register) {
        return payload(register, NETWORK_HEADER, 16, 4);
    }

    /** Loads the destination port of TCP, UDP or SCTP: one register. */
    public static Expression destinationPort(int register) {
        return payload(register, TRANSPORT_HEADER, 2, 2);
    }

    /** Loads {@link #IN_NAME}, {@link #OUT_NAME} or {@link #PROTOCOL}. */
    public static Expression meta(int register, int key) {
        return new Expression(
                "meta", m -> m.bigAttribute(1, FIRST_REGISTER + register).bigAttribute(2, key));
    }

    /** Loads the connection's state as bits. */
    public static Expression state(int register) {
        return connection(register, 0);
    }

    /** Loads the connection's status as bits. */
    public static Expression status(int register) {
        return connection(register, 2);
    }

    /** Loads what kind of address the destination is to this machine, to be tested with {@link #isLocal}. */
    public static Expression destinationKind(int register) {
        int byDestination = 2;
        int kind = 3;
        return new Expression("fib", m -> m.bigAttribute(1, FIRST_REGISTER + register)
                .bigAttribute(2, kind)
                .bigAttribute(3, byDestination));
    }

    /** Goes on when the kind of address is "one of this machine's own". */
    public static Expression isLocal(int register) {
        return compare(register, EQUAL, machineOrder(LOCAL));
    }

    /** Goes on when the address in the register is in {@code 127.0.0.0/8}. */
    public static Expression isLoopback(int register) {
        return compare(register, EQUAL, new byte[] {127});
    }

    /** Goes on when the address in the register is not in {@code 127.0.0.0/8}. */
    public static Expression isNotLoopback(int register) {
        return compare(register, NOT_EQUAL, new byte[] {127});
    }

    /** Keeps the named bits of a register in the machine's order. */
    public static Expression mask(int register, int bits) {
        return new Expression("bitwise", m -> m.bigAttribute(1, FIRST_REGISTER + register)
                .bigAttribute(2, FIRST_REGISTER + register)
                .bigAttribute(3, 4)
                .nest(4, mask -> mask.attribute(1, machineOrder(bits)))
                .nest(5, xor -> xor.attribute(1, machineOrder(0))));
    }

    /** Goes on when the register is not zero. */
    public static Expression isNotZero(int register) {
        return compare(register, NOT_EQUAL, machineOrder(0));
    }

    /** Goes on when the set holds the value that starts at the register. */
    public static Expression in(int register, String set) {
        return new Expression("lookup", m -> m.attribute(1, set).bigAttribute(2, FIRST_REGISTER + register));
    }

    /** Goes on when the set does not hold the value that starts at the register. */
    public static Expression notIn(int register, String set) {
        return new Expression("lookup", m -> m.attribute(1, set)
                .bigAttribute(2, FIRST_REGISTER + register)
                .bigAttribute(5, 1));
    }

    /** Replaces the value that starts at the register with what the map has for it; ends the rule when it has nothing. */
    public static Expression map(int register, String map) {
        return new Expression("lookup", m -> m.attribute(1, map)
                .bigAttribute(2, FIRST_REGISTER + register)
                .bigAttribute(3, FIRST_REGISTER + register));
    }

    /** Sends the connection to the IPv4 address in the register and the port in the one after it. */
    public static Expression translateDestination(int register) {
        int destination = 1;
        return new Expression("nat", m -> m.bigAttribute(1, destination)
                .bigAttribute(2, AF_INET)
                .bigAttribute(3, FIRST_REGISTER + register)
                .bigAttribute(5, FIRST_REGISTER + register + 1));
    }

    /** Gives the connection the address of the interface it leaves by. */
    public static Expression masquerade() {
        return new Expression("masq", m -> {});
    }

    /** Lets the packet through this chain. */
    public static Expression accept() {
        return verdict(verdict -> verdict.bigAttribute(1, ACCEPT));
    }

    /** Drops the packet. */
    public static Expression drop() {
        return verdict(verdict -> verdict.bigAttribute(1, DROP));
    }

    /** Goes through another chain and comes back. */
    public static Expression jump(String chain) {
        return verdict(verdict -> verdict.bigAttribute(1, JUMP).attribute(2, chain));
    }

    private static Expression verdict(Consumer<NetlinkMessage> content) {
        return new Expression(
                "immediate", m -> m.bigAttribute(1, VERDICT_REGISTER).nest(2, data -> data.nest(2, content)));
    }

    private static Expression payload(int register, int base, int offset, int length) {
        return new Expression("payload", m -> m.bigAttribute(1, FIRST_REGISTER + register)
                .bigAttribute(2, base)
                .bigAttribute(3, offset)
                .bigAttribute(4, length));
    }

    private static Expression connection(int register, int key) {
        return new Expression(
                "ct", m -> m.bigAttribute(1, FIRST_REGISTER + register).bigAttribute(2, key));
    }

    private static Expression compare(int register, int operation, byte[] value) {
        return new Expression("cmp", m -> m.bigAttribute(1, FIRST_REGISTER + register)
                .bigAttribute(2, operation)
                .nest(3, data -> data.attribute(1, value)));
    }

    private static byte[] machineOrder(int value) {
        return java.nio.ByteBuffer.allocate(4)
                .order(java.nio.ByteOrder.nativeOrder())
                .putInt(value)
                .array();
    }
}
