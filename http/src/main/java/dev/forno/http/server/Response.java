package dev.forno.http.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;

/**
 * The answer to a request. Status and headers may be set until the first byte is sent. Not thread-safe, except for the
 * stream's writes, which are atomic: each {@code write} of an array is sent as a whole before another thread's.
 */
public final class Response {
    private final Exchange exchange;

    Response(Exchange exchange) {
        this.exchange = exchange;
    }

    /** Sets the status; 200 when never called. */
    public Response status(int status) {
        exchange.status(status);
        return this;
    }

    /** Sets a header, replacing earlier values of it. */
    public Response header(String name, String value) {
        exchange.setHeader(name, value);
        return this;
    }

    /** Adds a header beside earlier values of it. */
    public Response addHeader(String name, String value) {
        exchange.addHeader(name, value);
        return this;
    }

    /**
     * Sends a part of a file as the whole body; over plain TCP its bytes go from the page cache to the socket without
     * passing through this process. The file must not shrink meanwhile.
     */
    public void send(FileChannel file, long from, long length) throws IOException {
        exchange.send(file, from, length);
    }

    /** Sends a whole body of known length; may be called once and not together with {@link #stream()}. */
    public void send(byte[] body) throws IOException {
        exchange.send(body);
    }

    /**
     * Sends the head at once and returns a stream whose every {@code write} is on its way to the client when it returns.
     * A write after the client has gone fails with {@link IOException}.
     */
    public OutputStream stream() throws IOException {
        return exchange.stream();
    }

    /** The same for a body whose length is known; when fewer bytes are written, the client sees it broken off. */
    public OutputStream stream(long length) throws IOException {
        return exchange.stream(length);
    }

    /** True when the head has been sent, so that an error can no longer be told by status. */
    public boolean committed() {
        return exchange.committed();
    }

    /**
     * From now until the handler returns (but not before the request's body has been read), interrupts the handler's
     * thread when the client closes its connection. For handlers that wait for something other than the client.
     */
    public void interruptWhenClientGone() {
        exchange.watchClient();
    }

    /**
     * Leaves HTTP: answers {@code 101} with {@code Upgrade: tcp} when the client asked for it, else {@code 200}, with
     * {@code contentType}, and hands the raw connection to {@code handler} after this request's handler has returned.
     */
    public void hijack(String contentType, DuplexHandler handler) throws IOException {
        exchange.hijack(contentType, handler);
    }
}
