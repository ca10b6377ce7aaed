package dev.forno.http.server;

import dev.forno.http.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * An HTTP/1.1 server on Unix sockets, TCP and TLS. Each request runs on a virtual thread; a few platform threads watch the
 * sockets. Heads are bounded to 64 KiB; a connection that stays silent between requests for five minutes is closed.
 */
public final class HttpServer implements AutoCloseable {
    private static final int HEAD_LIMIT = 64 * 1024;
    /** Of what is read from a connection at once; bodies are large. */
    private static final int READ_SIZE = 64 * 1024;

    private static final Duration KEEP_ALIVE = Duration.ofMinutes(5);
    private static final int MAX_PLATFORM_THREADS = 16;
    private static final int THREAD_IDLE_MILLIS = 60_000;

    /** Kept, because the logging system forgets loggers that nobody holds. */
    private static final Logger LIBRARY_LOG = Logger.getLogger("org.eclipse.jetty");

    private final Server server;
    private final List<UnixListener> unixListeners = new ArrayList<>();
    private final List<Endpoint> endpoints = new ArrayList<>();

    private HttpServer(Server server) {
        this.server = server;
    }

    /**
     * Starts listening at every place given.
     *
     * @throws IOException when one of them can't be listened at; nothing listens then
     */
    public static HttpServer start(List<Listener> listeners, Handler handler, ErrorWriter errors) throws IOException {
        if (LIBRARY_LOG.getLevel() == null) {
            // The library greets at INFO; whoever wants that sets the level before.
            LIBRARY_LOG.setLevel(Level.WARNING);
        }
        // The library's own queue would start the JVM's management agent first, a third of the whole start.
        QueuedThreadPool threads =
                new QueuedThreadPool(MAX_PLATFORM_THREADS, 1, THREAD_IDLE_MILLIS, 0, new LinkedBlockingQueue<>(), null);
        threads.setName("http");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("http-request-", 0).factory()));
        Server server = new Server(threads);
        server.setHandler(new ExchangeHandler(handler, errors));
        HttpServer result = new HttpServer(server);
        try {
            for (Listener listener : listeners) {
                result.add(listener);
            }
            server.start();
            for (UnixListener unix : result.unixListeners) {
                unix.publish();
            }
            result.rememberEndpoints();
            return result;
        } catch (Exception e) {
            result.close();
            throw e instanceof IOException io ? io : new IOException("start server: " + e.getMessage(), e);
        }
    }

    /** Where the server listens, in the order of the listeners given, with the real ports. */
    public List<Endpoint> endpoints() {
        return List.copyOf(endpoints);
    }

    /**
     * Stops accepting, lets running requests end for at most {@code grace}, then interrupts them and closes everything.
     * Idempotent.
     */
    public void close(Duration grace) {
        server.setStopTimeout(grace.toMillis());
        close();
    }

    /** Stops at once. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            System.getLogger(HttpServer.class.getName()).log(System.Logger.Level.WARNING, "stop server", e);
        } finally {
            unixListeners.forEach(UnixListener::remove);
        }
    }

    private void add(Listener listener) throws IOException {
        AbstractConnector connector =
                switch (listener) {
                    case Listener.Tcp(var host, var port) -> {
                        yield at(host, port, new FileConnector(server, http()));
                    }
                    case Listener.Tls(var host, var port, var files) -> {
                        SslConnectionFactory tls =
                                new SslConnectionFactory(new WatchedTls(files), HttpVersion.HTTP_1_1.asString());
                        yield at(host, port, new ServerConnector(server, 0, 1, tls, http()));
                    }
                    case Listener.Unix unix -> {
                        UnixListener bound = UnixListener.prepare(unix, server, http());
                        unixListeners.add(bound);
                        yield bound.connector();
                    }
                };
        connector.setIdleTimeout(KEEP_ALIVE.toMillis());
        connector.setShutdownIdleTimeout(Duration.ofSeconds(1).toMillis());
        server.addConnector(connector);
    }

    private static ServerConnector at(String host, int port, ServerConnector connector) {
        connector.setHost(host);
        connector.setPort(port);
        return connector;
    }

    private static HttpConnectionFactory http() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(true);
        configuration.setRequestHeaderSize(HEAD_LIMIT);
        configuration.setResponseHeaderSize(HEAD_LIMIT);
        // Paths are taken apart by the exchange itself: an encoded slash is part of an image name for some clients.
        configuration.setUriCompliance(UriCompliance.UNSAFE);
        configuration.setHttpCompliance(HttpCompliance.RFC7230);
        HttpConnectionFactory http = new HttpConnectionFactory(configuration);
        http.setInputBufferSize(READ_SIZE);
        return http;
    }

    private void rememberEndpoints() {
        int unix = 0;
        for (var connector : server.getConnectors()) {
            if (connector instanceof ServerConnector tcp) {
                endpoints.add(new Endpoint.Tcp(tcp.getHost(), tcp.getLocalPort()));
            } else {
                endpoints.add(new Endpoint.Unix(unixListeners.get(unix++).path()));
            }
        }
    }
}
