package dev.forno.registry.proxies;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.registry.certificates.TlsContexts;
import dev.forno.registry.certificates.Trust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Reaches a proxy that is spoken to by TLS: a loopback port whose connections are carried there. It adds nothing to what
 * passes, least of all credentials, so that another program which finds the port gains nothing by it.
 */
final class TlsRelay implements AutoCloseable {
    private static final int CONNECT_MILLIS = 15_000;

    private final String host;
    private final int port;
    private final ServerSocket server;
    private final SSLSocketFactory factory;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private TlsRelay(String host, int port, ServerSocket server, Map<String, String> environment) {
        this.host = host;
        this.port = port;
        this.server = server;
        this.factory = TlsContexts.of(Trust.SYSTEM, environment).getSocketFactory();
    }

    static TlsRelay open(String host, int port, Map<String, String> environment) {
        try {
            TlsRelay relay =
                    new TlsRelay(host, port, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), environment);
            Thread.ofVirtual().name("proxy-relay").start(relay::accept);
            return relay;
        } catch (IOException e) {
            throw new FornoException(ErrorKind.UNAVAILABLE, "reach proxy " + host + ": " + e.getMessage(), e);
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
    }

    private void accept() {
        while (true) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> carry(client));
            } catch (IOException e) {
                if (server.isClosed()) {
                    return;
                }
            }
        }
    }

    private void carry(Socket client) {
        open.add(client);
        try (client;
                Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            try (SSLSocket proxy = (SSLSocket) factory.createSocket(plain, host, port, true)) {
                SSLParameters parameters = proxy.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                proxy.setSSLParameters(parameters);
                proxy.startHandshake();
                Thread up = Thread.ofVirtual().start(() -> pump(client, proxy));
                pump(proxy, client);
                up.interrupt();
            }
        } catch (IOException e) {
            // The client sees its connection end.
            return;
        } finally {
            open.remove(client);
        }
    }

    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone.
            return;
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            // It listens no more in any case.
            return;
        } finally {
            open.forEach(TlsRelay::close);
        }
    }
}
