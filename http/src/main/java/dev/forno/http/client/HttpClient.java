package dev.forno.http.client;

import dev.forno.http.Endpoint;
import java.io.IOException;

/**
 * A blocking HTTP/1.1 client for one server. Every call opens a connection of its own, so that calls from several threads
 * never wait for each other and a cancelled stream is just a closed socket. It loads few classes on purpose: a command's
 * start-up time is a budget.
 *
 * <p>Thread-safe. Redirects are not followed.
 */
public final class HttpClient {
    private final Endpoint server;

    /** Creates a client of {@code server}; nothing is opened yet. */
    public HttpClient(Endpoint server) {
        this.server = server;
    }

    /** The server that requests go to. */
    public Endpoint server() {
        return server;
    }

    /**
     * Sends {@code request} and returns when the head of the final response has arrived. A body of unknown length is sent
     * by another thread, so that the response can be read while the body is still being produced.
     *
     * @throws java.net.ConnectException when nothing listens there (for a Unix socket also when the file is missing)
     * @throws IOException when the connection breaks or the answer isn't HTTP
     */
    public ClientResponse send(ClientRequest request) throws IOException {
        ClientConnection connection = ClientConnection.open(server);
        return connection.exchange(request, false);
    }

    /**
     * Sends {@code request} and asks to leave HTTP ({@code Upgrade: tcp}). When the server agreed,
     * {@link ClientResponse#duplex()} gives the raw streams; otherwise the response is an ordinary one, usually an error.
     */
    public ClientResponse upgrade(ClientRequest request) throws IOException {
        ClientConnection connection = ClientConnection.open(server);
        return connection.exchange(request.with("Connection", "Upgrade").with("Upgrade", "tcp"), true);
    }
}
