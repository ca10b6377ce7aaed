package dev.forno.registry.faults;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {
    private static final byte[] BODY = new byte[200_000];

    static {
        new Random(3).nextBytes(BODY);
    }

    private HttpServer origin;
    private FaultProxy proxy;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void open() throws IOException {
        origin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        origin.createContext("/", exchange -> {
            try (exchange) {
                byte[] sent = exchange.getRequestBody().readAllBytes();
                byte[] answer = sent.length > 0 ? sent : BODY;
                exchange.getResponseHeaders()
                        .set(
                                "X-Range",
                                String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        origin.start();
        proxy = FaultProxy.before("127.0.0.1:" + origin.getAddress().getPort());
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        proxy.close();
        origin.stop(0);
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + proxy.address() + path))
                .header("Range", "bytes=0-")
                .timeout(Duration.ofSeconds(30))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void passesOnAndLogs() throws Exception {
        assertArrayEquals(BODY, get("/a?b=c").body());
        HttpRequest post = HttpRequest.newBuilder(URI.create("http://" + proxy.address() + "/up"))
                .POST(HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofByteArray(BODY)))
                .build();
        assertArrayEquals(
                BODY, client.send(post, HttpResponse.BodyHandlers.ofByteArray()).body());
        assertEquals("GET /a?b=c bytes=0-", proxy.log().getFirst().toString());
        assertEquals("/up", proxy.log().get(1).path());
    }

    @Test
    void breaksWhatItIsToldTo() throws Exception {
        // The JDK's client asks once more by itself when a connection ends before the answer begins.
        proxy.at("GET", "^/x", 1, 1, new Fault.ResetAfter(1000))
                .always("GET", "^/reset", new Fault.Reset())
                .once("GET", "^/short", new Fault.Truncate(10))
                .always("GET", "^/lost", new Fault.LoseAnswer());
        assertEquals(BODY.length, get("/x").body().length);
        assertThrows(IOException.class, () -> get("/x"));
        assertEquals(BODY.length, get("/x").body().length);
        assertThrows(IOException.class, () -> get("/reset"));
        assertThrows(IOException.class, () -> get("/short"));
        assertThrows(IOException.class, () -> get("/lost"));
        assertEquals("GET /x bytes=0- [ResetAfter]", proxy.log().get(1).toString());
    }

    @Test
    void breaksAnUploadThatIsLongEnough() throws Exception {
        proxy.once("PATCH", "^/up", new Fault.ResetUpload(1000));
        assertEquals(1000, patch(1000).body().length);
        assertThrows(IOException.class, () -> patch(1001));
        assertEquals(1001, patch(1001).body().length);
    }

    private HttpResponse<byte[]> patch(int length) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + proxy.address() + "/up"))
                .method("PATCH", HttpRequest.BodyPublishers.ofByteArray(BODY, 0, length))
                .timeout(Duration.ofSeconds(30))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void changesWhatItIsToldTo() throws Exception {
        proxy.once("GET", "^/bad", new Fault.Corrupt(5))
                .once("GET", "^/whole", new Fault.IgnoreRange())
                .once("GET", "^/digest", Fault.digest("sha256:00"))
                .once("GET", "^/slow", new Fault.Slow(100_000, Duration.ofMillis(1)))
                .once("GET", "^/wait", Fault.retryAfter(429, Duration.ofSeconds(7)))
                .once("GET", "^/away", new Fault.Redirect(URI.create("http://other.test:1")));
        byte[] bad = get("/bad").body();
        assertEquals(BODY[5] ^ (byte) 0xff, bad[5]);
        assertEquals(BODY[6], bad[6]);
        assertEquals("null", get("/whole").headers().firstValue("x-range").orElse(""));
        assertEquals(
                "sha256:00",
                get("/digest").headers().firstValue("docker-content-digest").orElse(""));
        assertArrayEquals(BODY, get("/slow").body());
        HttpResponse<byte[]> wait = get("/wait");
        assertEquals(429, wait.statusCode());
        assertEquals("7", wait.headers().firstValue("retry-after").orElse(""));
        assertEquals(
                Map.of("location", "http://other.test:1/away?x=1").get("location"),
                get("/away?x=1").headers().firstValue("location").orElse(""));
        assertTrue(proxy.log("^GET /bad").getFirst().fault().equals("Corrupt"));
    }
}
