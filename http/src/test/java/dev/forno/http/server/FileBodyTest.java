package dev.forno.http.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.http.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files as bodies, over plain TCP, where the kernel sends them, and over TLS. */
@Timeout(60)
class FileBodyTest {
    private static final int SIZE = 9_000_001;

    @TempDir
    Path directory;

    private @Nullable HttpServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private byte[] content() throws IOException {
        byte[] content = new byte[SIZE];
        new Random(1).nextBytes(content);
        Files.write(directory.resolve("file"), content);
        return content;
    }

    private int serve(Listener listener) throws IOException {
        Router router = new Router((request, response) -> response.status(404).send(new byte[0]));
        router.get("/file", (request, response) -> {
            try (FileChannel file = FileChannel.open(directory.resolve("file"))) {
                Optional<ByteRange> range =
                        ByteRange.parse(request.header("Range").orElse(""), file.size());
                ByteRange part = range.orElse(new ByteRange(0, file.size()));
                response.status(range.isPresent() ? 206 : 200)
                        .header("Scheme", request.secure() ? "https" : "http")
                        .send(file, part.from(), part.length());
            }
        });
        HttpServer started =
                HttpServer.start(List.of(listener), router, (failure, request, response) -> response.status(500)
                        .send(failure.toString().getBytes(StandardCharsets.UTF_8)));
        server = started;
        return ((Endpoint.Tcp) started.endpoints().getFirst()).port();
    }

    private static HttpResponse<byte[]> get(HttpClient client, String scheme, int port, String range)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(scheme + "://127.0.0.1:" + port + "/file"));
        if (!range.isEmpty()) {
            request.header("Range", range);
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static void expectFileAndParts(HttpClient client, String scheme, int port, byte[] content)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> whole = get(client, scheme, port, "");
        assertEquals(200, whole.statusCode());
        assertEquals(List.of(scheme), whole.headers().allValues("Scheme"));
        assertArrayEquals(content, whole.body());
        assertArrayEquals(
                Arrays.copyOfRange(content, 77, 4_000_001),
                get(client, scheme, port, "bytes=77-4000000").body());
        assertArrayEquals(
                Arrays.copyOfRange(content, 5, 10),
                get(client, scheme, port, "bytes=5-9").body());
        assertArrayEquals(
                Arrays.copyOfRange(content, SIZE - 70_000, SIZE),
                get(client, scheme, port, "bytes=-70000").body());
    }

    @Test
    void aFileAndItsPartsArriveAsTheyAre() throws Exception {
        byte[] content = content();
        int port = serve(new Listener.Tcp("127.0.0.1", 0));
        try (HttpClient client = HttpClient.newHttpClient()) {
            expectFileAndParts(client, "http", port, content);
        }
    }

    @Test
    void requestsInOneGoAreAnsweredInOrder() throws Exception {
        byte[] content = content();
        int port = serve(new Listener.Tcp("127.0.0.1", 0));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream out = socket.getOutputStream();
            String request = "GET /file HTTP/1.1\r\nHost: x\r\nRange: bytes=%d-%d\r\n\r\n";
            out.write((request.formatted(0, 199_999) + request.formatted(1000, 300_999))
                    .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            for (int[] part : new int[][] {{0, 200_000}, {1000, 301_000}}) {
                readHead(in);
                assertArrayEquals(Arrays.copyOfRange(content, part[0], part[1]), in.readNBytes(part[1] - part[0]));
            }
        }
    }

    private static void readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        assertTrue(head.toString().startsWith("HTTP/1.1 206"), head.toString());
    }

    @Test
    void aFileArrivesThroughTls() throws Exception {
        byte[] content = content();
        Certificates ca = Certificates.make(directory, "server", "EC");
        int port = serve(new Listener.Tls("127.0.0.1", 0, files(ca, Optional.empty())));
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(context(ca, Optional.empty()))
                .build()) {
            expectFileAndParts(client, "https", port, content);
        }
    }

    @Test
    void onlyClientsWithACertificateGetIn() throws Exception {
        byte[] content = content();
        Certificates own = Certificates.make(directory, "server", "RSA");
        Certificates known = Certificates.make(directory, "known", "EC");
        int port = serve(new Listener.Tls("127.0.0.1", 0, files(own, Optional.of(known))));
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(context(own, Optional.of(known)))
                .build()) {
            assertArrayEquals(content, get(client, "https", port, "").body());
        }
        Certificates stranger = Certificates.make(directory, "stranger", "EC");
        for (Optional<Certificates> shown : List.of(Optional.<Certificates>empty(), Optional.of(stranger))) {
            try (HttpClient client =
                    HttpClient.newBuilder().sslContext(context(own, shown)).build()) {
                assertThrows(IOException.class, () -> get(client, "https", port, ""));
            }
        }
    }

    /** Whether a client that trusts only this certificate is answered, on a new connection. */
    private static boolean shows(Certificates trusted, int port) throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(context(trusted, Optional.empty()))
                .build()) {
            return get(client, "https", port, "bytes=0-9").statusCode() == 206;
        } catch (SSLHandshakeException e) {
            return false;
        }
    }

    @Test
    void changedCertificatesCountForNewConnections() throws Exception {
        content();
        Certificates first = Certificates.make(directory, "first", "EC");
        Certificates second = Certificates.make(directory, "second", "RSA");
        TlsFiles files = files(first, Optional.empty());
        int port = serve(new Listener.Tls("127.0.0.1", 0, files));
        try (HttpClient open = HttpClient.newBuilder()
                .sslContext(context(first, Optional.empty()))
                .build()) {
            assertEquals(206, get(open, "https", port, "bytes=0-9").statusCode());
            // a certificate without its key is of no use yet
            Files.writeString(
                    files.certificate(),
                    Certificates.pem("CERTIFICATE", second.certificate().getEncoded()));
            assertTrue(shows(first, port));
            Files.delete(files.key());
            assertTrue(shows(first, port));
            files(second, Optional.empty());
            assertTrue(shows(second, port));
            assertFalse(shows(first, port));
            assertEquals(206, get(open, "https", port, "bytes=0-9").statusCode());
        }
    }

    @Test
    void tellsWhatIsWrongWithAKey() throws Exception {
        Certificates ca = Certificates.make(directory, "server", "EC");
        TlsFiles files = files(ca, Optional.empty());
        Files.writeString(files.key(), Certificates.pem("ENCRYPTED PRIVATE KEY", new byte[] {1}));
        IOException e = assertThrows(IOException.class, () -> serve(new Listener.Tls("127.0.0.1", 0, files)));
        assertTrue(String.valueOf(e.getMessage()).contains("the private key is encrypted"), e.toString());
    }

    private TlsFiles files(Certificates own, Optional<Certificates> clients) throws Exception {
        Path certificate = directory.resolve("cert.pem");
        Path key = directory.resolve("key.pem");
        Files.writeString(
                certificate, Certificates.pem("CERTIFICATE", own.certificate().getEncoded()));
        Files.writeString(key, Certificates.pem("PRIVATE KEY", own.key().getEncoded()));
        if (clients.isEmpty()) {
            return new TlsFiles(certificate, key, Optional.empty());
        }
        Path trusted = directory.resolve("clients.pem");
        Files.writeString(
                trusted,
                Certificates.pem("CERTIFICATE", clients.get().certificate().getEncoded()));
        return new TlsFiles(certificate, key, Optional.of(trusted));
    }

    private static SSLContext context(Certificates trusted, Optional<Certificates> shown) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", trusted.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        KeyManager[] keys = null;
        if (shown.isPresent()) {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(shown.get().keys(), shown.get().password());
            keys = factory.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust.getTrustManagers(), null);
        return context;
    }
}
