package dev.forno.registry.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.forno.oci.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** A registry on loopback that keeps blobs and manifests in memory and misbehaves as it is told. */
final class ScriptedRegistry implements AutoCloseable {
    final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    final Map<String, Stored> manifests = new ConcurrentHashMap<>();
    final List<String> log = new CopyOnWriteArrayList<>();
    final Queue<Handler> next = new ConcurrentLinkedQueue<>();
    volatile Handler guard = exchange -> false;
    private final HttpServer server;
    private final ByteArrayOutputStream arrived = new ByteArrayOutputStream();

    /** Answers a request itself, or leaves it by returning false. */
    interface Handler {
        boolean handle(HttpExchange exchange) throws IOException;
    }

    @SuppressWarnings("ArrayRecordComponent")
    record Stored(String type, byte[] bytes) {}

    ScriptedRegistry() throws IOException {
        this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    /** One that speaks TLS alone, and hangs up on whoever doesn't. */
    static ScriptedRegistry withTls(SSLContext tls) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new ScriptedRegistry(server);
    }

    private ScriptedRegistry(HttpServer server) {
        this.server = server;
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    void putManifest(String name, String tag, String type, byte[] bytes) {
        manifests.put(name + "/" + tag, new Stored(type, bytes));
        manifests.put(name + "/" + Digest.of(bytes), new Stored(type, bytes));
    }

    Digest putBlob(byte[] bytes) {
        Digest digest = Digest.of(bytes);
        blobs.put(digest.toString(), bytes);
        return digest;
    }

    static boolean answer(HttpExchange exchange, int status, String body) throws IOException {
        exchange.getRequestBody().readAllBytes();
        byte[] bytes = body.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head || bytes.length == 0 ? -1 : bytes.length);
        if (!head && bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        return true;
    }

    static Handler failing(int status) {
        return exchange -> answer(exchange, status, "");
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            log.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            if (guard.handle(exchange)) {
                return;
            }
            if (!path.equals("/v2/")) {
                Handler handler = next.poll();
                if (handler != null && handler.handle(exchange)) {
                    return;
                }
            }
            route(exchange, path);
        }
    }

    private void route(HttpExchange exchange, String path) throws IOException {
        String method = exchange.getRequestMethod();
        if (path.equals("/v2/")) {
            answer(exchange, 200, "{}");
        } else if (path.contains("/manifests/")) {
            String key = path.substring("/v2/".length()).replace("/manifests/", "/");
            if (method.equals("PUT")) {
                byte[] bytes = exchange.getRequestBody().readAllBytes();
                manifests.put(key, new Stored(exchange.getRequestHeaders().getFirst("Content-Type"), bytes));
                exchange.getResponseHeaders()
                        .set("Docker-Content-Digest", Digest.of(bytes).toString());
                answer(exchange, 201, "");
                return;
            }
            Stored stored = manifests.get(key);
            if (stored == null) {
                answer(
                        exchange,
                        404,
                        "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"manifest unknown\",\"detail\":{\"a\":[1]}}]}");
            } else {
                exchange.getResponseHeaders().set("Content-Type", stored.type());
                bytes(exchange, stored.bytes(), 0, 200);
            }
        } else if (path.contains("/blobs/uploads/")) {
            upload(exchange, path, method);
        } else if (path.contains("/blobs/")) {
            byte[] blob = blobs.get(path.substring(path.lastIndexOf('/') + 1));
            if (blob == null) {
                answer(
                        exchange,
                        404,
                        "{\"errors\":[{\"code\":\"BLOB_UNKNOWN\",\"message\":\"blob unknown to registry\"}]}");
                return;
            }
            String range = exchange.getRequestHeaders().getFirst("Range");
            int from = range == null ? 0 : Integer.parseInt(range.replaceAll("[^0-9]", ""));
            if (range != null) {
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes " + from + "-" + (blob.length - 1) + "/" + blob.length);
            }
            bytes(exchange, blob, from, range == null ? 200 : 206);
        } else {
            answer(exchange, 404, "");
        }
    }

    private void upload(HttpExchange exchange, String path, String method) throws IOException {
        if (method.equals("POST")) {
            String query = String.valueOf(exchange.getRequestURI().getQuery());
            if (query.startsWith("mount=") && blobs.containsKey(query.substring(6, query.indexOf('&')))) {
                answer(exchange, 201, "");
                return;
            }
            arrived.reset();
            exchange.getResponseHeaders().set("Location", path + "session?state=a%2Fb");
            answer(exchange, 202, "");
            return;
        }
        String query = exchange.getRequestURI().getQuery();
        if (method.equals("GET")) {
            exchange.getResponseHeaders().set("Location", path + "?state=a%2Fb");
            exchange.getResponseHeaders().set("Range", "0-" + Math.max(0, arrived.size() - 1));
            answer(exchange, 204, "");
            return;
        }
        String range = exchange.getRequestHeaders().getFirst("Content-Range");
        if (range != null && !range.startsWith(arrived.size() + "-")) {
            answer(exchange, 416, "");
            return;
        }
        InputStream sent = exchange.getRequestBody();
        byte[] buffer = new byte[8192];
        for (int n = sent.read(buffer); n >= 0; n = sent.read(buffer)) {
            arrived.write(buffer, 0, n);
        }
        if (method.equals("PATCH")) {
            exchange.getResponseHeaders().set("Location", path + "?state=a%2Fb");
            answer(exchange, 202, "");
            return;
        }
        String digest = query.substring(query.indexOf("digest=") + "digest=".length());
        byte[] body = arrived.toByteArray();
        arrived.reset();
        boolean good = Digest.of(body).toString().equals(digest) && query.startsWith("state=a/b&");
        if (good) {
            blobs.put(digest, body);
        }
        answer(exchange, good ? 201 : 400, "");
    }

    private static void bytes(HttpExchange exchange, byte[] bytes, int from, int status) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : bytes.length - from);
        if (!head) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes, from, bytes.length - from);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
