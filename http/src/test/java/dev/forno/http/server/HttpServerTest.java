package dev.forno.http.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.http.DuplexStream;
import dev.forno.http.Endpoint;
import dev.forno.http.client.ClientRequest;
import dev.forno.http.client.ClientResponse;
import dev.forno.http.client.HttpClient;
import dev.forno.http.client.RequestBody;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server and the client against each other, over a Unix socket and TCP. */
@Timeout(30)
class HttpServerTest {
    @TempDir
    Path directory;

    private HttpServer server;
    private HttpClient client;
    private HttpClient tcp;
    private final BlockingQueue<String> outcomes = new LinkedBlockingQueue<>();
    private final CountDownLatch release = new CountDownLatch(1);

    @BeforeEach
    void start() throws IOException {
        Router router = new Router(
                (request, response) -> response.status(404).send("{\"message\":\"page not found\"}".getBytes(UTF_8)));
        router.get("/hello/{name...}/json", (request, response) -> response.header("Content-Type", "text/plain")
                .send((request.pathParameter("name") + "|" + request.query().all("q")).getBytes(UTF_8)));
        router.post("/echo", (request, response) -> request.body().transferTo(response.stream()));
        router.post("/small", (request, response) -> response.send(request.bytes(10)));
        router.get("/boom", (request, response) -> {
            throw new IllegalStateException("went wrong");
        });
        router.get("/cut", (request, response) -> {
            response.stream().write("half".getBytes(UTF_8));
            throw new IllegalStateException("went wrong in the middle");
        });
        router.get("/ticks", (request, response) -> {
            OutputStream out = response.stream();
            out.write("first".getBytes(UTF_8));
            release.await();
            out.write("second".getBytes(UTF_8));
        });
        router.get("/forever", this::forever);
        router.post("/forever", this::forever);
        router.post("/raw", (request, response) -> {
            byte[] head = request.bytes(100);
            response.hijack("application/vnd.docker.raw-stream", stream -> serveRaw(head, stream));
        });
        router.post("/late", (request, response) -> {
            outcomes.add("arrived");
            release.await();
            response.hijack("application/vnd.docker.raw-stream", stream -> {
                try (stream) {
                    stream.input().readAllBytes();
                } finally {
                    outcomes.add("let go");
                }
            });
        });
        server = HttpServer.start(
                List.of(
                        new Listener.Unix(socket(), PosixFilePermissions.fromString("rw-rw----"), Optional.empty()),
                        new Listener.Tcp("127.0.0.1", 0)),
                router,
                HttpServerTest::writeError);
        client = new HttpClient(server.endpoints().get(0));
        tcp = new HttpClient(server.endpoints().get(1));
    }

    private Path socket() {
        return directory.resolve("run/test.sock");
    }

    private static void writeError(Throwable failure, Request request, Response response) throws IOException {
        int status = failure instanceof StatusException refused ? refused.status() : 500;
        response.status(status).send(String.valueOf(failure.getMessage()).getBytes(UTF_8));
    }

    private void forever(Request request, Response response) throws IOException {
        response.interruptWhenClientGone();
        request.body().readAllBytes();
        response.stream();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            outcomes.add("interrupted");
        }
    }

    /** Says what came before the upgrade, then repeats everything in capital letters, and a farewell after the end. */
    private static void serveRaw(byte[] head, DuplexStream stream) throws IOException {
        stream.output().write(head);
        byte[] buffer = new byte[100];
        for (int n = stream.input().read(buffer); n >= 0; n = stream.input().read(buffer)) {
            stream.output()
                    .write(new String(buffer, 0, n, UTF_8)
                            .toUpperCase(Locale.ROOT)
                            .getBytes(UTF_8));
        }
        stream.output().write("bye".getBytes(UTF_8));
    }

    @AfterEach
    void stop() {
        release.countDown();
        server.close();
    }

    @Test
    void routesByTemplateAndDecodesPathAndQuery() throws IOException {
        for (HttpClient each : List.of(client, tcp)) {
            ClientResponse response = each.send(ClientRequest.get("/hello/a%2Fb/c%3A1+x/json?q=1&q=%20two&other"));
            assertEquals(200, response.status());
            assertEquals(Optional.of("text/plain"), response.header("content-type"));
            assertEquals("a/b/c:1+x|[1,  two]", new String(response.bytes(100), UTF_8));
        }
    }

    @Test
    void unknownRoutesAndMethodsAreAnsweredByTheFallback() throws IOException {
        assertEquals(404, client.send(ClientRequest.get("/nothing")).status());
        assertEquals(404, client.send(ClientRequest.delete("/echo")).status());
    }

    @Test
    void streamedBodiesPassBothWaysAtOnce() throws IOException {
        byte[] block = new byte[70_000];
        for (int i = 0; i < block.length; i++) {
            block[i] = (byte) i;
        }
        RequestBody body = RequestBody.streaming(out -> {
            for (int i = 0; i < 50; i++) {
                out.write(block);
            }
        });
        try (ClientResponse response = client.send(ClientRequest.post("/echo", "application/x-tar", body))) {
            for (int i = 0; i < 50; i++) {
                assertArrayEquals(block, response.body().readNBytes(block.length));
            }
            assertEquals(-1, response.body().read());
        }
    }

    @Test
    void aFailingBodySourceIsNotTakenForAWholeBody() {
        RequestBody body = RequestBody.streaming(out -> {
            out.write(new byte[100_000]);
            throw new IOException("disk broke");
        });
        IOException failure = assertThrows(IOException.class, () -> {
            try (ClientResponse response = client.send(ClientRequest.post("/small", "text/plain", body))) {
                // The server refuses at ten bytes, perhaps before the source fails.
                assertEquals(413, response.status());
                throw new IOException("disk broke");
            }
        });
        assertEquals("disk broke", failure.getMessage());
    }

    @Test
    void boundedBodiesAreRefusedAboveTheirBound() throws IOException {
        assertEquals("0123456789", text(client.send(ClientRequest.postJson("/small", "0123456789".getBytes(UTF_8)))));
        ClientResponse refused = client.send(ClientRequest.postJson("/small", "0123456789a".getBytes(UTF_8)));
        assertEquals(413, refused.status());
    }

    @Test
    void everyWriteArrivesWhileTheHandlerGoesOn() throws IOException {
        try (ClientResponse response = client.send(ClientRequest.get("/ticks"))) {
            assertEquals("first", new String(response.body().readNBytes(5), UTF_8));
            release.countDown();
            assertEquals("second", new String(response.body().readAllBytes(), UTF_8));
        }
    }

    @Test
    void failuresBecomeErrorsBeforeTheFirstByteAndBreakTheStreamAfter() throws IOException {
        ClientResponse error = client.send(ClientRequest.get("/boom"));
        assertEquals(500, error.status());
        assertEquals("went wrong", text(error));
        try (ClientResponse cut = client.send(ClientRequest.get("/cut"))) {
            assertThrows(IOException.class, () -> cut.body().readAllBytes());
        }
    }

    @Test
    void aClientThatLeavesInterruptsTheHandler() throws Exception {
        for (HttpClient each : List.of(client, tcp)) {
            outcomes.clear();
            each.send(ClientRequest.get("/forever")).close();
            assertEquals("interrupted", outcomes.take());
        }
        ClientResponse withBody = client.send(ClientRequest.postJson("/forever", "{}".getBytes(UTF_8)));
        withBody.close();
        assertEquals("interrupted", outcomes.take());
    }

    @Test
    void anUpgradedConnectionClosesEachDirectionOnItsOwn() throws IOException {
        for (HttpClient each : List.of(client, tcp)) {
            try (ClientResponse response = each.upgrade(ClientRequest.postJson("/raw", "hi ".getBytes(UTF_8)))) {
                assertEquals(101, response.status());
                assertEquals(Optional.of("tcp"), response.header("Upgrade"));
                DuplexStream stream = response.duplex();
                stream.output().write("abc".getBytes(UTF_8));
                assertEquals("hi ABC", new String(stream.input().readNBytes(6), UTF_8));
                stream.closeOutput();
                assertEquals("bye", new String(stream.input().readAllBytes(), UTF_8));
            }
        }
    }

    @Test
    void bytesSentTogetherWithTheHeadReachTheRawStream() throws IOException {
        try (Socket socket = socketTo(server.endpoints().get(1))) {
            socket.getOutputStream()
                    .write("POST /raw HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n:early".getBytes(UTF_8));
            socket.shutdownOutput();
            String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
            assertTrue(answer.contains("Content-Type: application/vnd.docker.raw-stream\r\n"), answer);
            assertTrue(answer.endsWith("\r\n\r\n:EARLYbye"), answer);
            assertFalse(answer.contains("Content-Length"), answer);
            assertFalse(answer.contains("chunked"), answer);
        }
    }

    @Test
    void aClientThatLeavesBeforeTheUpgradeIsLetGo() throws Exception {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
            channel.write(ByteBuffer.wrap(
                    "POST /late HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n"
                            .getBytes(UTF_8)));
            assertEquals("arrived", outcomes.take());
        }
        release.countDown();
        assertEquals("let go", outcomes.take());
    }

    @Test
    void aConnectionServesRequestsOneAfterAnother() throws IOException {
        try (Socket socket = socketTo(server.endpoints().get(1))) {
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i < 3; i++) {
                out.write("POST /forever-not HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}".getBytes(UTF_8));
                String head = new String(socket.getInputStream().readNBytes(12), UTF_8);
                assertEquals("HTTP/1.1 404", head);
                int at = 0;
                while (at < "page not found\"}".length()) {
                    at = socket.getInputStream().read() == "page not found\"}".charAt(at) ? at + 1 : 0;
                }
            }
            out.write("GET /boom HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(UTF_8));
            assertTrue(new String(socket.getInputStream().readAllBytes(), UTF_8).startsWith("HTTP/1.1 500"));
        }
    }

    @Test
    void hugeHeadersAreRefused() throws IOException {
        try (ClientResponse response = client.send(ClientRequest.get("/nothing").with("X-Big", "x".repeat(70_000)))) {
            assertEquals(431, response.status());
        }
    }

    @Test
    void theSocketAppearsWithItsModeAndGoesWithTheServer() throws IOException {
        assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())));
        try (var files = Files.list(socket().getParent())) {
            assertEquals(List.of(socket()), files.toList());
        }
        server.close();
        assertFalse(Files.exists(socket()));
        assertThrows(ConnectException.class, () -> client.send(ClientRequest.get("/")));
    }

    @Test
    void aSocketThatAnswersIsNotTakenOverButAStaleOneIs() throws IOException {
        Listener again = new Listener.Unix(socket(), PosixFilePermissions.fromString("rw-------"), Optional.empty());
        assertThrows(BindException.class, () -> HttpServer.start(
                        List.of(again), (request, response) -> {}, HttpServerTest::writeError)
                .close());
        assertEquals(404, client.send(ClientRequest.get("/nothing")).status());
        server.close();
        Files.createFile(socket());
        try (HttpServer second = HttpServer.start(
                List.of(again), (request, response) -> response.send(new byte[] {'2'}), HttpServerTest::writeError)) {
            assertEquals(List.of(new Endpoint.Unix(socket())), second.endpoints());
            assertEquals("2", text(client.send(ClientRequest.get("/"))));
        }
    }

    private static Socket socketTo(Endpoint endpoint) throws IOException {
        Endpoint.Tcp tcp = (Endpoint.Tcp) endpoint;
        return new Socket(InetAddress.getByName(tcp.host()), tcp.port());
    }

    private static String text(ClientResponse response) throws IOException {
        return new String(response.bytes(1000), UTF_8);
    }
}
