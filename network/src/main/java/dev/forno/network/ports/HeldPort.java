package dev.forno.network.ports;

import dev.forno.network.endpoints.BoundPort;
import dev.forno.network.endpoints.Protocol;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.List;

/**
 * A port of the host, kept from other processes by a bound socket. Connections usually never reach that socket: the
 * kernel sends them to the container before. Those that do, by IPv6 or because somebody flushed the packet filter, are
 * relayed.
 */
final class HeldPort implements AutoCloseable {
    private final HostAddress address;
    private final int port;
    private final Protocol protocol;
    private final int containerPort;
    private final String containerId;
    private final AutoCloseable socket;

    private HeldPort(
            HostAddress address,
            int port,
            Protocol protocol,
            int containerPort,
            String containerId,
            AutoCloseable socket) {
        this.address = address;
        this.port = port;
        this.protocol = protocol;
        this.containerPort = containerPort;
        this.containerId = containerId;
        this.socket = socket;
    }

    /** Binds the port (any free one for 0) and relays to {@code target}; fails when another socket has it. */
    static HeldPort bind(HostAddress address, int port, Protocol protocol, String containerId, InetSocketAddress target)
            throws IOException {
        return switch (protocol) {
            case TCP -> {
                ServerSocketChannel channel = ServerSocketChannel.open(address.family());
                try {
                    channel.bind(address.socketAddress(port));
                } catch (IOException | RuntimeException e) {
                    channel.close();
                    throw e;
                }
                int bound = channel.socket().getLocalPort();
                yield new HeldPort(
                        address,
                        bound,
                        protocol,
                        target.getPort(),
                        containerId,
                        TcpRelay.start(channel, target, address));
            }
            case UDP -> {
                DatagramChannel channel = DatagramChannel.open(address.family());
                try {
                    channel.bind(address.socketAddress(port));
                } catch (IOException | RuntimeException e) {
                    channel.close();
                    throw e;
                }
                int bound = channel.socket().getLocalPort();
                yield new HeldPort(
                        address,
                        bound,
                        protocol,
                        target.getPort(),
                        containerId,
                        UdpRelay.start(channel, target, address));
            }
            // The Java platform has no SCTP sockets everywhere: such a port is kept from Forno's own containers only.
            case SCTP -> new HeldPort(address, port, protocol, target.getPort(), containerId, () -> {});
        };
    }

    /** The bindings as a user sees them. */
    List<BoundPort> bound() {
        return address.texts().stream()
                .map(text -> new BoundPort(text, port, containerPort, protocol))
                .toList();
    }

    /** The container for which the port is held. */
    String containerId() {
        return containerId;
    }

    /** Whether this port would clash with that one. */
    boolean clashes(HostAddress otherAddress, int otherPort, Protocol otherProtocol) {
        return port == otherPort && protocol == otherProtocol && address.overlaps(otherAddress);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (Exception e) {
            throw new IllegalStateException("close port " + port + ": " + e, e);
        }
    }
}
