package dev.forno.registry.server;

import dev.forno.http.Endpoint;
import dev.forno.http.server.HttpServer;
import dev.forno.http.server.Listener;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.Index;
import dev.forno.oci.Manifest;
import dev.forno.oci.MediaTypes;
import dev.forno.registry.repositories.Repositories;
import dev.forno.registry.repositories.Storage;
import dev.forno.store.Store;
import dev.forno.store.garbage.Collected;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A registry that is served on loopback, with a clock that is set by hand, and a client that hides nothing. */
final class Served implements AutoCloseable {
    static final byte[] CONFIG = "{\"architecture\":\"amd64\",\"os\":\"linux\"}".getBytes(StandardCharsets.UTF_8);

    final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final Path state;
    private final RegistrySettings settings;
    private final HttpClient client = HttpClient.newHttpClient();
    private String credentials = "";
    private Store store;
    private RegistryServer registry;
    private HttpServer http;

    Served(Path state) throws IOException {
        this(state, RegistrySettings.OPEN);
    }

    Served(Path state, RegistrySettings settings) throws IOException {
        this.state = state;
        this.settings = settings;
        InstantSource clock = now::get;
        store = Store.open(state, clock);
        registry = RegistryServer.open(new Storage(store.content(), store.database(), store.leases()), settings, clock);
        http = registry.serve(List.of(new Listener.Tcp("127.0.0.1", 0)));
    }

    /** Settings with users. */
    static RegistrySettings with(Users users) {
        RegistrySettings open = RegistrySettings.OPEN;
        return new RegistrySettings(
                Optional.of(users), Optional.empty(), open.sparse(), open.retention(), open.engine());
    }

    /** Settings with copies of other registries. */
    static RegistrySettings with(Upstreams upstreams) {
        RegistrySettings open = RegistrySettings.OPEN;
        return new RegistrySettings(
                open.users(), Optional.of(upstreams), open.sparse(), open.retention(), open.engine());
    }

    /** Stops and starts anew over the same state. */
    void restart() throws IOException {
        stop();
        store.close();
        InstantSource clock = now::get;
        store = Store.open(state, clock);
        registry = RegistryServer.open(new Storage(store.content(), store.database(), store.leases()), settings, clock);
        http = registry.serve(List.of(new Listener.Tcp("127.0.0.1", 0)));
    }

    /** Stops; only the store stays open. */
    void stop() {
        http.close();
        registry.close();
    }

    /** From now on nobody can connect. */
    void stopListening() {
        http.close();
    }

    Store store() {
        return store;
    }

    Collected collect() {
        registry.tidy();
        return store.garbage().collect(() -> Repositories.roots(store.database()));
    }

    void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    int port() {
        return ((Endpoint.Tcp) http.endpoints().getFirst()).port();
    }

    String host() {
        return "127.0.0.1:" + port();
    }

    /** From now on sends this {@code Authorization} with every request. */
    Served as(String authorization) {
        credentials = authorization;
        return this;
    }

    HttpResponse<byte[]> send(String method, String path, BodyPublisher body, String... headers)
            throws IOException, InterruptedException {
        URI uri = path.startsWith("http") ? URI.create(path) : URI.create("http://" + host() + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (!credentials.isEmpty()) {
            request.header("Authorization", credentials);
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> send(String method, String path, byte[] body, String... headers)
            throws IOException, InterruptedException {
        return send(method, path, BodyPublishers.ofByteArray(body), headers);
    }

    HttpResponse<byte[]> send(String method, String path) throws IOException, InterruptedException {
        return send(method, path, BodyPublishers.noBody());
    }

    HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    /** Pushes a blob by one request. */
    Digest blob(String repository, byte[] content) throws IOException, InterruptedException {
        Digest digest = Digest.of(content);
        expect(201, send("POST", "/v2/" + repository + "/blobs/uploads/?digest=" + digest, content));
        return digest;
    }

    /** Pushes an image with a layer of its own and gives its digest. */
    Digest image(String repository, String tag, String layer) throws IOException, InterruptedException {
        byte[] bytes = layer.getBytes(StandardCharsets.UTF_8);
        blob(repository, CONFIG);
        blob(repository, bytes);
        byte[] manifest = manifest(bytes);
        expect(201, manifest(repository, tag, manifest, MediaTypes.OCI_MANIFEST));
        return Digest.of(manifest);
    }

    /** An image's manifest with one layer. */
    static byte[] manifest(byte[] layer) {
        return Documents.write(
                Manifest.class,
                Manifest.of(
                        Descriptor.of(MediaTypes.OCI_CONFIG, Digest.of(CONFIG), CONFIG.length),
                        List.of(Descriptor.of(MediaTypes.OCI_LAYER, Digest.of(layer), layer.length))));
    }

    /** The manifest of an artifact that refers to a subject. */
    static byte[] artifact(String type, Digest subject, Map<String, String> annotations) {
        byte[] empty = "{}".getBytes(StandardCharsets.UTF_8);
        Descriptor config = Descriptor.of("application/vnd.oci.empty.v1+json", Digest.of(empty), empty.length);
        Descriptor of = Descriptor.of(MediaTypes.OCI_MANIFEST, subject, 1234);
        return Documents.write(
                Manifest.class,
                new Manifest(2, MediaTypes.OCI_MANIFEST, type, config, List.of(config), of, annotations));
    }

    static byte[] index(List<Descriptor> manifests) {
        return Documents.write(Index.class, Index.of(manifests));
    }

    HttpResponse<byte[]> manifest(String repository, String reference, byte[] bytes, String type)
            throws IOException, InterruptedException {
        return send("PUT", "/v2/" + repository + "/manifests/" + reference, bytes, "Content-Type", type);
    }

    static HttpResponse<byte[]> expect(int status, HttpResponse<byte[]> response) {
        if (response.statusCode() != status) {
            throw new AssertionError(response.request().method() + " " + response.uri() + ": expected " + status
                    + ", got " + response.statusCode() + ": " + text(response));
        }
        return response;
    }

    /** Expects a status and the code of the first error. */
    static HttpResponse<byte[]> expect(int status, String code, HttpResponse<byte[]> response) {
        expect(status, response);
        if (!text(response).startsWith("{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"")) {
            throw new AssertionError("expected " + code + ", got " + text(response));
        }
        return response;
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    static String header(HttpResponse<byte[]> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    static Digest sha512(byte[] content) throws GeneralSecurityException {
        return new Digest(
                "sha512",
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(content)));
    }

    @Override
    public void close() {
        client.close();
        http.close();
        registry.close();
        store.close();
    }
}
