package dev.forno.http.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.jspecify.annotations.Nullable;

/** One request and its response on a connection: the state behind {@link Request} and {@link Response}. */
final class Exchange {
    private static final Duration SLOW_BODY = Duration.ofMinutes(1);
    /** How long a client that is answered early may go on sending, in all and between two of its packets. */
    private static final Duration LINGER = Duration.ofSeconds(30);

    private static final Duration LINGER_PAUSE = Duration.ofSeconds(5);

    private final org.eclipse.jetty.server.Request request;
    private final org.eclipse.jetty.server.Response response;
    private final EndPoint endPoint;
    private final long idleTimeout;
    private final ClientWatch watch;
    private @Nullable WatchedBody body;
    private @Nullable Query query;

    Exchange(org.eclipse.jetty.server.Request request, org.eclipse.jetty.server.Response response) {
        this.request = request;
        this.response = response;
        this.endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        this.idleTimeout = endPoint.getIdleTimeout();
        this.watch = new ClientWatch(endPoint, Thread.currentThread());
        // While a request is handled silence is normal: a followed log, a paused upload from a pipe.
        endPoint.setIdleTimeout(0);
    }

    String method() {
        return request.getMethod();
    }

    /** The decoded path; empty or malformed ones are refused by {@link #checkPath}. */
    String path() {
        String raw = Optional.ofNullable(request.getHttpURI().getPath()).orElse("/");
        try {
            // A plus sign is itself in a path.
            return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "/";
        }
    }

    void checkPath() {
        String raw = Optional.ofNullable(request.getHttpURI().getPath()).orElse("");
        boolean encodedWell = path().equals("/") == raw.equals("/");
        if (!raw.startsWith("/") || !encodedWell || path().indexOf('\0') >= 0) {
            throw new StatusException(400, "parse path: \"" + raw + "\" is malformed");
        }
    }

    Query query() {
        if (query == null) {
            query = Query.parse(
                    Optional.ofNullable(request.getHttpURI().getQuery()).orElse(""));
        }
        return query;
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeaders().get(name));
    }

    List<String> headers(String name) {
        return request.getHeaders().getValuesList(name);
    }

    InputStream body() {
        if (body == null) {
            body = new WatchedBody(request, watch);
        }
        return body;
    }

    byte[] bytes(int limit) throws IOException {
        endPoint.setIdleTimeout(SLOW_BODY.toMillis());
        try {
            InputStream in = body();
            byte[] bytes = in.readNBytes(limit);
            if (bytes.length == limit && in.read() >= 0) {
                throw new StatusException(413, "read request: the body is larger than " + limit + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw new StatusException(408, "read request: the body did not arrive in time");
            }
            throw e;
        } finally {
            endPoint.setIdleTimeout(0);
        }
    }

    void status(int status) {
        response.setStatus(status);
    }

    void setHeader(String name, String value) {
        response.getHeaders().put(name, value.replace('\r', ' ').replace('\n', ' '));
    }

    void addHeader(String name, String value) {
        response.getHeaders().add(name, value.replace('\r', ' ').replace('\n', ' '));
    }

    long contentLength() {
        return hasBody() ? request.getLength() : 0;
    }

    boolean secure() {
        return endPoint.isSecure();
    }

    String remoteAddress() {
        return endPoint.getRemoteSocketAddress() instanceof InetSocketAddress address
                ? address.getAddress().getHostAddress()
                : "";
    }

    void limitPauses(Duration pause) {
        endPoint.setIdleTimeout(pause.toMillis());
    }

    boolean committed() {
        return response.isCommitted();
    }

    boolean clientGone() {
        return watch.gone();
    }

    /** Forgets what an unfinished handler set, before an error is written. */
    void reset() {
        response.reset();
        request.removeAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE);
    }

    void send(byte[] bytes) throws IOException {
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
        Content.Sink.write(response, true, ByteBuffer.wrap(bytes));
    }

    void send(FileChannel file, long from, long length) throws IOException {
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
        new FileBody(response, endPoint, file).send(from, length);
    }

    OutputStream stream() throws IOException {
        if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1) {
            // Even when the connection closes afterwards: only chunks tell a whole answer from a cut-off one.
            response.getHeaders().put(HttpHeader.TRANSFER_ENCODING, "chunked");
        }
        Content.Sink.write(response, false, ByteBuffer.allocate(0));
        return new ResponseStream(response);
    }

    OutputStream stream(long length) throws IOException {
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
        Content.Sink.write(response, false, ByteBuffer.allocate(0));
        return new ResponseStream(response);
    }

    void watchClient() {
        watch.request(bodyEnded());
    }

    private boolean bodyEnded() {
        return !hasBody() || (body != null && body.ended());
    }

    private boolean hasBody() {
        long length = request.getLength();
        return length > 0 || (length < 0 && request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING));
    }

    void hijack(String contentType, DuplexHandler handler) throws IOException {
        boolean upgrade = headers("Upgrade").stream().anyMatch("tcp"::equalsIgnoreCase);
        setHeader("Content-Type", contentType);
        if (upgrade) {
            status(101);
            setHeader("Connection", "Upgrade");
            setHeader("Upgrade", "tcp");
        } else {
            status(200);
            // Keeps the library from framing a body: what follows the head are raw bytes up to the end.
            setHeader("Connection", "close");
        }
        HijackedConnection hijacked =
                new HijackedConnection(endPoint, request.getComponents().getExecutor(), handler);
        request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, hijacked);
        // a client that leaves before the answer's head went out: what the handler holds must be let go
        org.eclipse.jetty.server.Request.addCompletionListener(request, failure -> {
            if (failure != null) {
                hijacked.abandon();
            }
        });
        if (!upgrade) {
            Content.Sink.write(response, false, ByteBuffer.allocate(0));
        }
    }

    void finish() {
        watch.end();
        endPoint.setIdleTimeout(idleTimeout);
    }

    /**
     * Ends the answer to a client that is still sending, and takes what it sends until it has seen the answer (RFC 9112
     * section 9.6): a closed connection would fail its writes, and it would report that instead of the answer.
     */
    void linger() throws IOException {
        boolean hijacked = request.getAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE) != null;
        boolean waitsToSend = body == null && header("Expect").isPresent();
        if (bodyEnded() || hijacked || waitsToSend) {
            return;
        }
        watch.end();
        Thread.interrupted(); // it belonged to what has been answered
        if (!response.hasLastWrite()) {
            Content.Sink.write(response, true, ByteBuffer.allocate(0));
        }
        endPoint.setIdleTimeout(LINGER_PAUSE.toMillis());
        long start = System.nanoTime();
        byte[] unwanted = new byte[64 * 1024];
        try {
            InputStream rest = body();
            while (rest.read(unwanted) >= 0 && System.nanoTime() - start < LINGER.toNanos()) {
                // nothing: it is read so that the client can go on
            }
        } catch (IOException | RuntimeException e) {
            // it closed the connection, paused or sent no HTTP: in any case it has had its answer, and its time
        }
    }
}
