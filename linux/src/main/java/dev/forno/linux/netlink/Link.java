package dev.forno.linux.netlink;

/**
 * A network device.
 *
 * @param index its number in its namespace
 * @param master the number of the bridge it is a port of, or 0
 * @param kind {@code bridge}, {@code veth}…, or empty for hardware
 * @param up whether it is set up
 * @param alias the text that its owner attached, or empty
 */
public record Link(int index, String name, int master, String kind, boolean up, int mtu, String alias) {}
