package dev.forno.http.client;

import dev.forno.http.DuplexStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A response whose head has arrived; the body is read from the connection as the caller asks for it. Closing it closes
 * the connection, which also stops a streaming server.
 */
public final class ClientResponse implements AutoCloseable {
    private final int status;
    private final Map<String, List<String>> headers;
    private final InputStream body;
    private final ClientConnection connection;
    private final boolean upgraded;

    ClientResponse(
            int status,
            Map<String, List<String>> headers,
            InputStream body,
            ClientConnection connection,
            boolean upgraded) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.connection = connection;
        this.upgraded = upgraded;
    }

    /** The status code. */
    public int status() {
        return status;
    }

    /** The first value of a header, whose name is matched regardless of case. */
    public Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    /** All values of a header. */
    public List<String> headers(String name) {
        return new ArrayList<>(headers.getOrDefault(name, List.of()));
    }

    /** The body, without its transfer encoding; a connection that breaks before the body's end is an {@link IOException}. */
    public InputStream body() {
        return body;
    }

    /** Reads the whole body, at most {@code limit} bytes, and closes the connection. */
    public byte[] bytes(int limit) throws IOException {
        try (this) {
            byte[] bytes = body.readNBytes(limit);
            if (bytes.length == limit && body.read() >= 0) {
                throw new IOException("read response: the body is larger than " + limit + " bytes");
            }
            return bytes;
        }
    }

    /** True when the server left HTTP, so that {@link #duplex()} may be used. */
    public boolean upgraded() {
        return upgraded;
    }

    /** The raw streams of an upgraded connection. */
    public DuplexStream duplex() {
        if (!upgraded) {
            throw new IllegalStateException("the server answered " + status + " and did not upgrade the connection");
        }
        return connection;
    }

    @Override
    public void close() {
        connection.close();
    }
}
