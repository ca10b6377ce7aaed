package dev.forno.network.ports;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/** Carries the connections of a listening socket to a container; ends when it is closed. */
final class TcpRelay implements AutoCloseable {
    private static final int BUFFER = 32 << 10;
    private static final Duration AFTER_FAILED_ACCEPT = Duration.ofMillis(200);

    /** Of all ports together: each takes two of the engine's descriptors, and anybody outside can open them. */
    private static final Semaphore CONNECTIONS = new Semaphore(1024);

    private final ServerSocketChannel listener;
    private final Thread accepting;

    private TcpRelay(ServerSocketChannel listener, Thread accepting) {
        this.listener = listener;
        this.accepting = accepting;
    }

    static TcpRelay start(ServerSocketChannel listener, InetSocketAddress target, HostAddress address) {
        Thread accepting = Thread.ofVirtual().name("relay " + target).start(() -> accept(listener, target, address));
        return new TcpRelay(listener, accepting);
    }

    /** Frees the port. A channel is not closed before the thread in it has left, so this waits for it. */
    @Override
    public void close() throws IOException {
        listener.close();
        Threads.await(accepting);
    }

    private static void accept(ServerSocketChannel listener, InetSocketAddress target, HostAddress address) {
        while (listener.isOpen()) {
            try {
                SocketChannel client = listener.accept();
                if (CONNECTIONS.tryAcquire()) {
                    Thread.startVirtualThread(() -> relay(client, target, address));
                } else {
                    client.close();
                }
            } catch (IOException e) {
                if (!listener.isOpen()) {
                    return;
                }
                try { // out of descriptors: others need a moment to give some back
                    Thread.sleep(AFTER_FAILED_ACCEPT);
                } catch (InterruptedException interrupted) {
                    return;
                }
            }
        }
    }

    private static void relay(SocketChannel client, InetSocketAddress target, HostAddress address) {
        try (client) {
            if (!address.takes(client.socket().getInetAddress())) {
                return;
            }
            try (SocketChannel server = SocketChannel.open(target)) {
                Thread up = Thread.startVirtualThread(() -> copy(client, server));
                copy(server, client);
                up.join();
            }
        } catch (IOException e) {
            // the container does not listen: the client sees its connection closed, which says the same
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            CONNECTIONS.release();
        }
    }

    private static void copy(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        try {
            while (from.read(buffer.clear()) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
            }
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // the connection is broken already
        }
    }
}
