package dev.forno.registry.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ServerSocketFactory;

/** A proxy for CONNECT that asks for a password and leads all names to one loopback address. */
final class TunnelProxy implements AutoCloseable {
    final List<String> seen = new CopyOnWriteArrayList<>();
    private final ServerSocket server;
    private final InetSocketAddress target;
    private final String authorization;

    TunnelProxy(ServerSocketFactory factory, String target, String authorization) throws IOException {
        int colon = target.lastIndexOf(':');
        this.target = new InetSocketAddress(target.substring(0, colon), Integer.parseInt(target.substring(colon + 1)));
        this.authorization = authorization;
        this.server = factory.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (true) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                if (server.isClosed()) {
                    return;
                }
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1), 1);
            String first = in.readLine();
            boolean known = false;
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                known |= line.equalsIgnoreCase("Proxy-Authorization: " + authorization);
            }
            seen.add(first + (known ? " known" : " unknown"));
            String answer = known ? "HTTP/1.1 200 OK\r\n\r\n" : "HTTP/1.1 407 Who\r\nContent-Length: 0\r\n\r\n";
            client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            if (known) {
                try (Socket registry = new Socket()) {
                    registry.connect(target);
                    Thread up = Thread.ofVirtual().start(() -> pump(client, registry));
                    pump(registry, client);
                    up.interrupt();
                }
            }
        } catch (IOException e) {
            // The other end sees it.
            return;
        }
    }

    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // The connection is at its end.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
