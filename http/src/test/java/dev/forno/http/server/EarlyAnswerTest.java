package dev.forno.http.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.http.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Answers that go out before the whole request has come in. */
@Timeout(60)
class EarlyAnswerTest {
    /** Far more than the sockets of a connection hold. */
    private static final byte[] BODY = new byte[16 << 20];

    /** What comes of it before the rest. */
    private static final int FIRST = 1000;

    @TempDir
    Path directory;

    /** Released when a handler's reading has been interrupted. */
    private final Semaphore interrupted = new Semaphore(0);

    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        Router router = new Router((request, response) -> response.status(404).send(new byte[0]));
        router.put("/refused", (request, response) -> {
            request.body().read();
            throw new StatusException(507, "no space left");
        });
        router.put("/unread", (request, response) -> {
            throw new StatusException(401, "who are you");
        });
        router.put("/streamed", (request, response) -> response.stream().write("heard enough".getBytes(UTF_8)));
        router.put("/empty", (request, response) -> response.status(204));
        router.put("/interrupted", (request, response) -> {
            interruptReading(request);
            throw new StatusException(507, "no space left");
        });
        router.put("/resumed", (request, response) -> {
            interruptReading(request);
            long rest = request.body().transferTo(OutputStream.nullOutputStream());
            response.send(("and " + rest).getBytes(UTF_8));
        });
        server = HttpServer.start(
                List.of(
                        new Listener.Unix(
                                directory.resolve("test.sock"),
                                PosixFilePermissions.fromString("rw-rw----"),
                                Optional.empty()),
                        new Listener.Tcp("127.0.0.1", 0)),
                router,
                (failure, request, response) -> response.status(((StatusException) failure).status())
                        .send(String.valueOf(failure.getMessage()).getBytes(UTF_8)));
    }

    /** Reads what is there on another thread, and interrupts it while it waits for more. */
    private void interruptReading(Request request) throws InterruptedException {
        CountDownLatch waits = new CountDownLatch(1);
        Thread reading = Thread.ofPlatform().start(() -> {
            assertThrows(InterruptedIOException.class, () -> {
                request.body().readNBytes(new byte[FIRST], 0, FIRST);
                waits.countDown();
                request.body().read();
            });
            interrupted.release(); // else the client waits in vain
        });
        waits.await();
        reading.interrupt();
        reading.join();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aClientThatSendsEverythingFirstSeesTheAnswer() throws IOException {
        for (Endpoint endpoint : server.endpoints()) {
            assertTwoAnswers(endpoint, "/refused", "HTTP/1.1 507 ", "no space left");
            assertTwoAnswers(endpoint, "/unread", "HTTP/1.1 401 ", "who are you");
            assertTwoAnswers(endpoint, "/streamed", "HTTP/1.1 200 ", "heard enough\r\n0\r\n\r\n");
            assertTwoAnswers(endpoint, "/empty", "HTTP/1.1 204 ", "\r\n\r\n");
        }
    }

    /** Whoever gave up in the midst of the body leaves it so that the rest can be read. */
    @Test
    void aClientSeesTheAnswerOfAHandlerWhoseReadingWasInterrupted() throws Exception {
        for (Endpoint endpoint : server.endpoints()) {
            assertEquals("no space left", answerToTwoParts(endpoint, "/interrupted"));
            assertEquals("and " + (BODY.length - FIRST), answerToTwoParts(endpoint, "/resumed"));
        }
    }

    private String answerToTwoParts(Endpoint endpoint, String path) throws Exception {
        try (SocketChannel channel = SocketChannel.open(address(endpoint))) {
            OutputStream out = Channels.newOutputStream(channel);
            out.write(("PUT " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " + BODY.length
                            + "\r\n\r\n")
                    .getBytes(UTF_8));
            out.write(BODY, 0, FIRST);
            interrupted.acquire();
            out.write(BODY, FIRST, BODY.length - FIRST);
            String answer = new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }

    @Test
    void aClientThatWaitsToSendIsNotWaitedFor() throws IOException {
        for (Endpoint endpoint : server.endpoints()) {
            try (SocketChannel channel = SocketChannel.open(address(endpoint))) {
                String head = "PUT /unread HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n";
                channel.write(ByteBuffer.wrap(head.getBytes(UTF_8)));
                String answer = new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
                assertTrue(answer.startsWith("HTTP/1.1 401 "), answer);
            }
        }
    }

    /** The connection is good for a second request, because the first was taken to its end. */
    private static void assertTwoAnswers(Endpoint endpoint, String path, String start, String end) throws IOException {
        try (SocketChannel channel = SocketChannel.open(address(endpoint))) {
            OutputStream out = Channels.newOutputStream(channel);
            InputStream in = Channels.newInputStream(channel);
            for (int i = 0; i < 2; i++) {
                out.write(("PUT " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + BODY.length + "\r\n\r\n")
                        .getBytes(UTF_8));
                out.write(BODY);
                StringBuilder answer = new StringBuilder();
                while (!answer.toString().endsWith(end)) {
                    int next = in.read();
                    assertTrue(next >= 0, () -> path + " ended after " + answer);
                    answer.append((char) next);
                }
                assertEquals(start, answer.substring(0, start.length()));
            }
        }
    }

    private static SocketAddress address(Endpoint endpoint) {
        return switch (endpoint) {
            case Endpoint.Unix(var path) -> UnixDomainSocketAddress.of(path);
            case Endpoint.Tcp(var host, var port) -> new InetSocketAddress(host, port);
        };
    }
}
