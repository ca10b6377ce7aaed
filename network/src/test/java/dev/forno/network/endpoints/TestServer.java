package dev.forno.network.endpoints;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forno.linux.namespaces.NetworkNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;

/** Answers every caller, in a namespace: over TCP with a name, the caller's address and what it sent; over UDP likewise. */
final class TestServer implements AutoCloseable {
    private static final int PATIENCE = 10_000;
    private final ServerSocket tcp;
    private final DatagramSocket udp;

    private TestServer(ServerSocket tcp, DatagramSocket udp) {
        this.tcp = tcp;
        this.udp = udp;
    }

    static TestServer start(Path netns, String name, int port) throws IOException {
        TestServer server = NetworkNamespace.inside(
                netns,
                () -> new TestServer(
                        new ServerSocket(port, 50, InetAddress.ofLiteral("0.0.0.0")),
                        new DatagramSocket(port, InetAddress.ofLiteral("0.0.0.0"))));
        Thread.startVirtualThread(() -> server.answerTcp(name));
        Thread.startVirtualThread(() -> server.answerUdp(name));
        return server;
    }

    /** Calls from this machine's own namespace. */
    static String call(String host, int port, String text) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE);
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral(host), port), PATIENCE);
            socket.getOutputStream().write(text.getBytes(UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    /** Calls from a namespace. */
    static String call(Path netns, String host, int port, String text) throws IOException {
        return NetworkNamespace.inside(netns, () -> call(host, port, text));
    }

    /** Calls over UDP from this machine's own namespace. */
    static String callUdp(String host, int port, String text) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            return ask(socket, host, port, text);
        }
    }

    /**
     * Sends a datagram and waits for the answer; asks again while there is none, as a datagram may be lost. Late answers to
     * another text are passed over.
     */
    static String ask(DatagramSocket socket, String host, int port, String text) throws IOException {
        socket.setSoTimeout(1000);
        DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
        for (int attempt = 0; ; attempt++) {
            send(socket, host, port, text);
            try {
                while (true) {
                    answer.setLength(2000);
                    socket.receive(answer);
                    String received = new String(answer.getData(), 0, answer.getLength(), UTF_8);
                    if (received.endsWith(" " + text)) {
                        return received;
                    }
                }
            } catch (IOException e) {
                if (attempt == 9) {
                    throw e;
                }
            }
        }
    }

    /** Sends a datagram. */
    static void send(DatagramSocket socket, String host, int port, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.ofLiteral(host), port));
    }

    @Override
    public void close() throws IOException {
        tcp.close();
        udp.close();
    }

    private void answerTcp(String name) {
        while (!tcp.isClosed()) {
            try (Socket socket = tcp.accept()) {
                String text = new String(socket.getInputStream().readAllBytes(), UTF_8);
                String from = socket.getInetAddress().getHostAddress();
                socket.getOutputStream().write((name + " " + from + " " + text).getBytes(UTF_8));
            } catch (IOException e) {
                // the caller went away, or the server is closed
            }
        }
    }

    private void answerUdp(String name) {
        DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
        while (!udp.isClosed()) {
            try {
                packet.setLength(2000);
                udp.receive(packet);
                String text = new String(packet.getData(), 0, packet.getLength(), UTF_8);
                byte[] answer = (name + " " + packet.getAddress().getHostAddress() + " " + text).getBytes(UTF_8);
                udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                // closed
            }
        }
    }
}
