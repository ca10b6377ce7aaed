package dev.forno.network.ports;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Carries the datagrams of a bound socket to a container and the answers back; ends when it is closed. */
final class UdpRelay implements AutoCloseable {
    private static final int LARGEST = 65535;
    private static final int CLIENTS = 1024;
    private static final Duration IDLE = Duration.ofSeconds(90);

    private final DatagramChannel socket;
    private final InetSocketAddress target;
    private final HostAddress address;
    private final Map<SocketAddress, DatagramChannel> clients = new ConcurrentHashMap<>();

    private final Thread receiving;

    private UdpRelay(DatagramChannel socket, InetSocketAddress target, HostAddress address) {
        this.socket = socket;
        this.target = target;
        this.address = address;
        this.receiving = Thread.ofVirtual().name("relay " + target).unstarted(this::receive);
    }

    static UdpRelay start(DatagramChannel socket, InetSocketAddress target, HostAddress address) {
        UdpRelay relay = new UdpRelay(socket, target, address);
        relay.receiving.start();
        return relay;
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (DatagramChannel channel : clients.values()) {
            channel.close();
        }
        Threads.await(receiving);
    }

    private void receive() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST);
        while (socket.isOpen()) {
            try {
                SocketAddress client = socket.receive(buffer.clear());
                if (client instanceof InetSocketAddress from && address.takes(from.getAddress())) {
                    DatagramChannel channel = clients.get(client);
                    if (channel == null && clients.size() < CLIENTS) {
                        channel = open(client);
                    }
                    if (channel != null) {
                        channel.write(buffer.flip());
                    }
                }
            } catch (IOException e) {
                // a datagram that can't be delivered is lost, as datagrams are
            }
        }
    }

    private DatagramChannel open(SocketAddress client) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.connect(target);
        channel.socket().setSoTimeout((int) IDLE.toMillis());
        clients.put(client, channel);
        Thread.startVirtualThread(() -> answer(client, channel));
        return channel;
    }

    private void answer(SocketAddress client, DatagramChannel channel) {
        DatagramPacket packet = new DatagramPacket(new byte[LARGEST], LARGEST);
        try (channel) {
            while (socket.isOpen()) {
                packet.setLength(LARGEST);
                channel.socket().receive(packet);
                socket.send(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()), client);
            }
        } catch (SocketTimeoutException e) {
            // idle
        } catch (IOException e) {
            // the container's port is closed, or the relay is
        } finally {
            clients.remove(client, channel);
        }
    }
}
