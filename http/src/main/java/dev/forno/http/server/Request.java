package dev.forno.http.server;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A request whose head has arrived. Not thread-safe; valid until the handler returns. */
public final class Request {
    private final Exchange exchange;
    private final String path;
    private final Map<String, String> pathParameters;

    Request(Exchange exchange, String path, Map<String, String> pathParameters) {
        this.exchange = exchange;
        this.path = path;
        this.pathParameters = pathParameters;
    }

    /** The method, in capital letters. */
    public String method() {
        return exchange.method();
    }

    /** The decoded path, starting with a slash. */
    public String path() {
        return path;
    }

    /**
     * The part of the path that a template of the {@link Router} named.
     *
     * @throws IllegalArgumentException when the template names no such part
     */
    public String pathParameter(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no path parameter " + name);
        }
        return value;
    }

    /** The parameters after the question mark. */
    public Query query() {
        return exchange.query();
    }

    /** The first value of a header, whose name is matched regardless of case. */
    public Optional<String> header(String name) {
        return exchange.header(name);
    }

    /** All values of a header. */
    public List<String> headers(String name) {
        return exchange.headers(name);
    }

    /** The body's length as the client told it, or -1 when it didn't. */
    public long contentLength() {
        return exchange.contentLength();
    }

    /** Whether the request came by TLS. */
    public boolean secure() {
        return exchange.secure();
    }

    /** The client's address without the port; empty for Unix sockets. */
    public String remoteAddress() {
        return exchange.remoteAddress();
    }

    /** From now on breaks the connection off when the client neither sends nor takes bytes for so long. */
    public void limitPauses(Duration pause) {
        exchange.limitPauses(pause);
    }

    /** The body as it arrives, without a bound in size or time; the same stream at each call. */
    public InputStream body() {
        return exchange.body();
    }

    /**
     * Reads the whole body.
     *
     * @throws StatusException 413 when it is larger than {@code limit} bytes, 408 when the client pauses for a minute
     */
    public byte[] bytes(int limit) throws IOException {
        return exchange.bytes(limit);
    }

    /** This request seen from under another path, with further path parameters. */
    public Request under(String newPath, Map<String, String> parameters) {
        Map<String, String> all = new HashMap<>(pathParameters);
        all.putAll(parameters);
        return new Request(exchange, newPath, Map.copyOf(all));
    }
}
