package dev.forno.http.client;

import dev.forno.http.DuplexStream;
import dev.forno.http.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One connection, used for one exchange and, after an upgrade, for its raw streams. */
final class ClientConnection implements DuplexStream {
    private static final int LINE_LIMIT = 64 * 1024;
    private static final List<String> BODILESS = List.of("GET", "HEAD");
    private static final int HEADER_LIMIT = 256;

    private final Endpoint server;
    private final SocketChannel channel;
    private final ChannelInput input;
    private final OutputStream output = new ChannelOutput();
    private volatile @Nullable IOException bodyFailure;
    private volatile boolean unwritable;

    private ClientConnection(Endpoint server, SocketChannel channel) {
        this.server = server;
        this.channel = channel;
        this.input = new ChannelInput(channel);
    }

    static ClientConnection open(Endpoint server) throws IOException {
        try {
            return new ClientConnection(server, connect(server));
        } catch (SocketException e) {
            // The JDK reports a missing or refusing Unix socket as a plain SocketException.
            ConnectException failure = new ConnectException("connect " + server + ": " + e.getMessage());
            failure.initCause(e);
            throw failure;
        }
    }

    private static SocketChannel connect(Endpoint server) throws IOException {
        SocketChannel channel = SocketChannel.open(
                server instanceof Endpoint.Unix ? StandardProtocolFamily.UNIX : StandardProtocolFamily.INET);
        try {
            // not a pattern switch: its bootstrap costs the command line a tenth of its start
            if (server instanceof Endpoint.Unix(var path)) {
                channel.connect(UnixDomainSocketAddress.of(path));
            } else if (server instanceof Endpoint.Tcp(var host, var port)) {
                InetSocketAddress address = new InetSocketAddress(host, port);
                if (address.isUnresolved()) {
                    throw new ConnectException("no address is known for " + host);
                }
                channel.connect(address);
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    ClientResponse exchange(ClientRequest request, boolean upgrade) throws IOException {
        try {
            RequestBody body = request.body();
            output.write(head(request, upgrade).getBytes(StandardCharsets.ISO_8859_1));
            if (body.inMemory()) {
                sendInMemory(body);
            } else {
                Thread.ofVirtual().name("http-body").start(() -> sendStream(body));
            }
            return readResponse(request.method(), upgrade);
        } catch (IOException | RuntimeException e) {
            close();
            IOException failure = bodyFailure;
            if (failure != null) {
                failure.addSuppressed(e);
                throw failure;
            }
            throw e;
        }
    }

    private String head(ClientRequest request, boolean upgrade) {
        StringBuilder head = new StringBuilder(256);
        head.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(hostHeader()).append("\r\n");
        request.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        if (!upgrade) {
            head.append("Connection: close\r\n");
        }
        long length = request.body().length();
        if (length < 0) {
            head.append("Transfer-Encoding: chunked\r\n");
        } else if (length > 0 || !BODILESS.contains(request.method())) {
            head.append("Content-Length: ").append(length).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    private String hostHeader() {
        return server instanceof Endpoint.Tcp tcp ? tcp.toString().substring("tcp://".length()) : "localhost";
    }

    private void sendInMemory(RequestBody body) {
        try {
            body.writeTo(output);
        } catch (IOException e) {
            // A server may refuse and close before it has read everything; its answer says more than the broken pipe.
            bodyFailure = e;
        }
    }

    private void sendStream(RequestBody body) {
        try {
            if (body.length() >= 0) {
                body.writeTo(output);
            } else {
                ChunkedOutput chunks = new ChunkedOutput(output);
                body.writeTo(chunks);
                chunks.end();
            }
        } catch (IOException | RuntimeException e) {
            bodyFailure = e instanceof IOException io ? io : new IOException("send request body: " + e.getMessage(), e);
            if (!unwritable) {
                // The source failed: the server must not take the cut-off body for a whole one. A server that has
                // answered
                // and closed without reading to the end is another matter: its answer is still to be read.
                close();
            }
        }
    }

    private ClientResponse readResponse(String method, boolean upgrade) throws IOException {
        while (true) {
            int status = statusOf(input.line(LINE_LIMIT));
            Map<String, List<String>> headers = readHeaders();
            if (status >= 100 && status < 200 && status != 101) {
                continue;
            }
            bodyFailure = null;
            boolean raw = headers.getOrDefault("Content-Type", List.of()).stream()
                    .anyMatch(type -> type.startsWith("application/vnd.docker."));
            boolean upgraded = upgrade && (status == 101 || (status == 200 && raw));
            return new ClientResponse(status, headers, bodyOf(method, status, headers), this, upgraded);
        }
    }

    private InputStream bodyOf(String method, int status, Map<String, List<String>> headers) throws IOException {
        if (method.equals("HEAD") || status == 101 || status == 204 || status == 304) {
            return new BodyInput(input, BodyInput.Framing.LENGTH, 0);
        }
        if (headers.getOrDefault("Transfer-Encoding", List.of()).stream().anyMatch("chunked"::equalsIgnoreCase)) {
            return new BodyInput(input, BodyInput.Framing.CHUNKED, 0);
        }
        List<String> length = headers.getOrDefault("Content-Length", List.of());
        if (length.isEmpty()) {
            return new BodyInput(input, BodyInput.Framing.UNTIL_CLOSE, 0);
        }
        try {
            return new BodyInput(input, BodyInput.Framing.LENGTH, Long.parseUnsignedLong(length.getFirst()));
        } catch (NumberFormatException e) {
            throw new IOException("read response: Content-Length " + length.getFirst() + " is no number", e);
        }
    }

    private static int statusOf(String line) throws IOException {
        String[] parts = line.split(" ", 3);
        if (parts.length < 2 || !parts[0].startsWith("HTTP/1.") || !parts[1].matches("[1-5][0-9][0-9]")) {
            throw new IOException("read response: \"" + line + "\" is no HTTP status line");
        }
        return Integer.parseInt(parts[1]);
    }

    private Map<String, List<String>> readHeaders() throws IOException {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        int count = 0;
        for (String line = input.line(LINE_LIMIT); !line.isEmpty(); line = input.line(LINE_LIMIT)) {
            int colon = line.indexOf(':');
            if (colon <= 0 || ++count > HEADER_LIMIT) {
                throw new IOException("read response: malformed headers");
            }
            headers.computeIfAbsent(line.substring(0, colon).strip(), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return headers;
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public void closeOutput() throws IOException {
        if (channel.isOpen()) {
            channel.shutdownOutput();
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing was promised about bytes after close, so nothing is lost.
        }
    }

    private final class ChannelOutput extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
            try {
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            } catch (IOException e) {
                unwritable = true;
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            closeOutput();
        }
    }
}
