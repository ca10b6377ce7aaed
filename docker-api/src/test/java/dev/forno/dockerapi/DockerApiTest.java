package dev.forno.dockerapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.engine.containers.CreateRequest;
import dev.forno.engine.containers.LogStream.LogEntry;
import dev.forno.engine.containers.PortBinding;
import dev.forno.engine.containers.StreamKind;
import dev.forno.engine.containers.Tasks;
import dev.forno.engine.images.Progress;
import dev.forno.engine.images.RegistryAuth;
import dev.forno.http.DuplexStream;
import dev.forno.http.client.ClientRequest;
import dev.forno.http.client.ClientResponse;
import dev.forno.http.client.HttpClient;
import dev.forno.http.client.RequestBody;
import dev.forno.http.server.HttpServer;
import dev.forno.http.server.Listener;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The API as a client sees it, over a Unix socket, with an engine that only remembers. */
@Timeout(30)
class DockerApiTest {
    @TempDir
    Path directory;

    private final FakeEngine engine = new FakeEngine();
    private HttpServer server;
    private HttpClient client;

    @BeforeEach
    void start() throws IOException {
        server = new DockerApi(engine.services(), "1.2.3")
                .serve(List.of(new Listener.Unix(
                        directory.resolve("api.sock"),
                        PosixFilePermissions.fromString("rw-------"),
                        Optional.empty())));
        client = new HttpClient(server.endpoints().getFirst());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void pingTellsVersionsInHeaders() throws IOException {
        for (String method : List.of("GET", "HEAD")) {
            ClientResponse ping = client.send(new ClientRequest(method, "/_ping", Map.of(), RequestBody.EMPTY));
            assertEquals(200, ping.status());
            assertEquals(Optional.of("1.51"), ping.header("Api-Version"));
            assertEquals(Optional.of("linux"), ping.header("Ostype"));
            assertEquals(Optional.of("false"), ping.header("Docker-Experimental"));
            assertEquals(Optional.of("1"), ping.header("Builder-Version"));
            assertEquals(Optional.of("no-cache, no-store, must-revalidate"), ping.header("Cache-Control"));
            assertEquals(Optional.of("Forno/1.2.3 (linux)"), ping.header("Server"));
            assertEquals(method.equals("GET") ? "OK" : "", text(ping));
        }
    }

    @Test
    void versionsOutsideOfTheServedOnesAreRefusedWithDockersTexts() throws IOException {
        assertEquals(200, client.send(ClientRequest.get("/v1.24/_ping")).status());
        assertEquals(200, client.send(ClientRequest.get("/v1.51/_ping")).status());
        assertError(
                400,
                "client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade your client to a"
                        + " newer version",
                client.send(ClientRequest.get("/v1.23/_ping")));
        assertError(
                400,
                "client version 1.52 is too new. Maximum supported API version is 1.51",
                client.send(ClientRequest.get("/v1.52/_ping")));
    }

    @Test
    void unknownPagesAreNotFound() throws IOException {
        assertError(404, "page not found", client.send(ClientRequest.get("/v1.47/nothing/here")));
        assertError(404, "page not found", client.send(ClientRequest.post("/version")));
    }

    @Test
    void clusterRoutesAnswerAsOutsideOfASwarm() throws IOException {
        assertError(
                503,
                "This node is not a swarm manager. Use \\\"docker swarm init\\\" or \\\"docker swarm join\\\" to connect"
                        + " this node to swarm and try again.",
                client.send(ClientRequest.get("/v1.47/nodes")));
        assertEquals("[]\n", text(client.send(ClientRequest.get("/plugins"))));
        assertEquals(501, client.send(ClientRequest.post("/session")).status());
    }

    @Test
    void aRequestOfTheDockerClientIsHandedOverWhole() throws IOException {
        byte[] body = resource("create-run.json");
        ClientResponse response = client.send(ClientRequest.postJson("/v1.50/containers/create?name=web", body));
        assertEquals(201, response.status());
        assertEquals("{\"Id\":\"" + "f".repeat(64) + "\",\"Warnings\":[\"careful\"]}\n", text(response));
        CreateRequest request = engine.created.getFirst();
        assertEquals("web", request.name());
        assertEquals(List.of("sleep", "5"), request.config().cmd());
        assertEquals(List.of("A=b"), request.config().env());
        assertEquals(List.of("/bin/sh"), request.config().entrypoint());
        assertEquals(java.util.Set.of("80/tcp"), request.config().exposedPorts());
        assertEquals(
                Map.of("80/tcp", List.of(new PortBinding("", "8080"))),
                request.host().network().portBindings());
        assertEquals(List.of("/tmp:/t:ro"), request.host().storage().binds());
        assertEquals("data", request.host().storage().mounts().getFirst().source());
        assertEquals(64 << 20, request.host().resources().memory());
        assertEquals(1_500_000_000L, request.host().resources().nanoCpus());
        assertEquals(null, request.host().resources().memorySwappiness());
        assertEquals("nofile", request.host().resources().ulimits().getFirst().name());
        assertEquals(List.of("CAP_NET_ADMIN"), request.host().security().capAdd());
        assertEquals("no", request.host().restart().name());
        assertEquals(null, request.host().consoleSize());
    }

    @Test
    void malformedBodiesAreBadRequests() throws IOException {
        for (String body : List.of("{\"Image\":", "[]", "{\"Image\":{}}", "{\"Cmd\":5}", "[".repeat(1000))) {
            ClientResponse response = client.send(ClientRequest.postJson("/containers/create", body.getBytes(UTF_8)));
            assertEquals(400, response.status(), body);
        }
        assertError(
                400,
                "invalid JSON: got EOF while reading request body",
                client.send(ClientRequest.post("/containers/create")));
        assertEquals(
                400,
                client.send(ClientRequest.post(
                                "/containers/create", "text/plain", RequestBody.of("{}".getBytes(UTF_8))))
                        .status());
        assertTrue(engine.created.isEmpty());
    }

    @Test
    void kindsOfFailureBecomeStatuses() throws IOException {
        Map<ErrorKind, Integer> statuses = Map.of(
                ErrorKind.NOT_FOUND, 404,
                ErrorKind.CONFLICT, 409,
                ErrorKind.INVALID_ARGUMENT, 400,
                ErrorKind.NOT_IMPLEMENTED, 501,
                ErrorKind.UNAVAILABLE, 503,
                ErrorKind.PERMISSION_DENIED, 403,
                ErrorKind.UNAUTHENTICATED, 401,
                ErrorKind.INTERNAL, 500);
        for (var entry : statuses.entrySet()) {
            engine.failure = new FornoException(entry.getKey(), "stop x: \"why\"");
            assertError(entry.getValue(), "stop x: \\\"why\\\"", client.send(ClientRequest.post("/containers/x/stop")));
        }
        engine.failure = new FornoException(ErrorKind.NOT_MODIFIED, "is stopped");
        ClientResponse unmodified = client.send(ClientRequest.post("/containers/x/stop"));
        assertEquals(304, unmodified.status());
        assertEquals("", text(unmodified));
    }

    @Test
    void filtersComeInBothForms() throws IOException {
        for (String filters : List.of("{\"label\":[\"a\",\"b=c\"]}", "{\"label\":{\"a\":true,\"b=c\":true}}")) {
            engine.calls.clear();
            text(client.send(ClientRequest.get("/containers/json?all=1&limit=2&filters=" + encode(filters))));
            assertEquals(
                    "ContainerQuery[all=true, limit=2, filters=Filters[values={label=[a, b=c]}]]",
                    engine.calls.getFirst());
        }
        assertError(400, "invalid filter", client.send(ClientRequest.get("/containers/json?filters=%5Ba")));
    }

    @Test
    void stopOptionsAreHandedOver() throws IOException {
        assertEquals(
                204,
                client.send(ClientRequest.post("/containers/x/stop?t=3&signal=HUP"))
                        .status());
        assertEquals(204, client.send(ClientRequest.post("/containers/x/stop")).status());
        assertEquals(
                List.of(
                        "stop x StopOptions[signal=HUP, timeoutSeconds=3]",
                        "stop x StopOptions[signal=null, timeoutSeconds=null]"),
                engine.calls);
        for (String wrong : List.of("soon", "2147483648", "-2147483649", "99999999999999999999")) {
            for (String action : List.of("stop", "restart")) {
                ClientRequest request = ClientRequest.post("/containers/x/" + action + "?t=" + wrong);
                assertEquals(400, client.send(request).status(), wrong);
            }
        }
        assertEquals(2, engine.calls.size(), engine.calls.toString());
    }

    @Test
    void aWaitAnswersItsHeadBeforeTheEnd() throws IOException {
        try (ClientResponse response = client.send(ClientRequest.post("/containers/x/wait?condition=next-exit"))) {
            assertEquals(200, response.status());
            assertEquals(List.of("await x NEXT_EXIT"), engine.calls);
            engine.exit.complete(new Tasks.Exit(7, ""));
            assertEquals("{\"StatusCode\":7}", text(response));
        }
        assertEquals(
                400,
                client.send(ClientRequest.post("/containers/x/wait?condition=never"))
                        .status());
    }

    @Test
    void attachCarriesBothDirectionsAndTheEndOfInput() throws IOException {
        ClientRequest attach = ClientRequest.post("/v1.50/containers/x/attach?stream=1&stdin=1&stdout=1&stderr=1");
        try (ClientResponse response = client.upgrade(attach)) {
            assertEquals(101, response.status());
            assertEquals(Optional.of("application/vnd.docker.multiplexed-stream"), response.header("Content-Type"));
            DuplexStream stream = response.duplex();
            stream.output().write("hello".getBytes(UTF_8));
            assertArrayEquals(frame(1, "hello"), stream.input().readNBytes(13));
            stream.closeOutput();
            assertArrayEquals(frame(2, "bye"), stream.input().readAllBytes());
        }
        engine.tty = true;
        try (ClientResponse response = client.upgrade(attach)) {
            assertEquals(Optional.of("application/vnd.docker.raw-stream"), response.header("Content-Type"));
            response.duplex().output().write("hello".getBytes(UTF_8));
            response.duplex().closeOutput();
            assertEquals("hellobye", new String(response.duplex().input().readAllBytes(), UTF_8));
        }
    }

    @Test
    void attachFailuresAreErrorsRatherThanConnections() throws IOException {
        engine.failure = new FornoException(ErrorKind.NOT_FOUND, "No such container: x");
        ClientResponse response = client.upgrade(ClientRequest.post("/containers/x/attach?stdout=1&stream=1"));
        assertTrue(!response.upgraded());
        assertError(404, "No such container: x", response);
    }

    @Test
    void logsAreFramedAndStamped() throws IOException {
        engine.log.add(new LogEntry(Instant.ofEpochSecond(1_700_000_000L), StreamKind.STDOUT, "one\n".getBytes(UTF_8)));
        engine.log.add(
                new LogEntry(Instant.ofEpochSecond(1_700_000_000L, 1500), StreamKind.STDERR, "two".getBytes(UTF_8)));
        ClientResponse response = client.send(ClientRequest.get(
                "/containers/x/logs?stdout=1&stderr=1&timestamps=1&tail=5&since=1600000000.5&until=0"));
        assertArrayEquals(
                concat(
                        frame(1, "2023-11-14T22:13:20.000000000Z one\n"),
                        frame(2, "2023-11-14T22:13:20.000001500Z two")),
                response.bytes(1000));
        assertEquals(
                List.of(
                        "logs LogQuery[stdout=true, stderr=true, follow=false, since=2020-09-13T12:26:40.500Z, until=null,"
                                + " tail=5]",
                        "log closed"),
                engine.calls);
        assertError(
                400,
                "Bad parameters: you must choose at least one stream",
                client.send(ClientRequest.get("/containers/x/logs")));
    }

    @Test
    void eventsArriveAsTheyHappenAndStopWithTheClient() throws Exception {
        try (ClientResponse response = client.send(ClientRequest.get("/events"))) {
            engine.events.add(Optional.of(FakeEngine.event("start")));
            String expected = "{\"status\":\"start\",\"id\":\"abc\",\"from\":\"busybox\",\"Type\":\"container\","
                    + "\"Action\":\"start\",\"Actor\":{\"ID\":\"abc\",\"Attributes\":{\"image\":\"busybox\"}},"
                    + "\"scope\":\"local\",\"time\":1700000000,\"timeNano\":1700000000000000005}\n";
            assertEquals(expected, new String(response.body().readNBytes(expected.length()), UTF_8));
        }
        assertEquals("closed", engine.eventsClosed.get());
    }

    @Test
    void aPullStreamsProgressAndItsFailure() throws IOException {
        engine.progress.add(new Progress.Status("latest", "Pulling from library/busybox"));
        engine.progress.add(new Progress.Status("0123", "Pulling fs layer"));
        engine.progress.add(new Progress.Bytes("0123", "Downloading", 5, 10));
        engine.failure = new FornoException(ErrorKind.UNAVAILABLE, "registry is gone");
        String auth =
                Base64.getUrlEncoder().encodeToString("{\"username\":\"u\",\"password\":\"p?>\"}".getBytes(UTF_8));
        ClientResponse response =
                client.send(ClientRequest.post("/images/create?fromImage=busybox&tag=latest&platform=linux%2Farm64")
                        .with("X-Registry-Auth", auth));
        assertEquals(200, response.status());
        assertEquals("""
                {"status":"Pulling from library/busybox","id":"latest"}
                {"status":"Pulling fs layer","progressDetail":{},"id":"0123"}
                {"status":"Downloading","progressDetail":{"current":5,"total":10},"id":"0123"}
                {"errorDetail":{"message":"registry is gone"},"error":"registry is gone"}
                """.replace("\n", "\r\n"), text(response));
        var pulled = Objects.requireNonNull(engine.pulled);
        assertEquals(Reference.parse("busybox:latest"), pulled.reference());
        assertEquals(Platform.parse("linux/arm64"), pulled.platform());
        assertEquals(RegistryAuth.basic("u", "p?>"), pulled.auth());
    }

    @Test
    void aPullThatFailsBeforeProgressIsAnErrorStatus() throws IOException {
        engine.failure = new FornoException(ErrorKind.NOT_FOUND, "pull access denied for x");
        assertError(
                404, "pull access denied for x", client.send(ClientRequest.post("/images/create?fromImage=x&tag=y")));
        assertEquals(
                400,
                client.send(ClientRequest.post("/images/create?fromImage=UPPER&tag=y"))
                        .status());
    }

    @Test
    void aFailedBuildStepCarriesItsExitCode() throws IOException {
        String path = "/build?t=one&t=two:3&buildargs=" + encode("{\"A\":\"b\",\"C\":null}") + "&labels="
                + encode("{\"l\":\"m\"}") + "&cachefrom=" + encode("[]") + "&rm=1&memory=5&version=1";
        ClientResponse response =
                client.send(ClientRequest.post(path, "application/x-tar", RequestBody.of(new byte[] {1, 2, 3})));
        assertEquals("""
                {"stream":"Step 1/2 : FROM busybox\\n"}
                {"aux":{"ID":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}
                {"errorDetail":{"code":3,"message":"The command '/bin/false' returned a non-zero code: 3"},"error":"The command '/bin/false' returned a non-zero code: 3"}
                """.replace("\n", "\r\n"), text(response));
        var built = Objects.requireNonNull(engine.built);
        assertEquals(List.of("one", "two:3"), built.tags());
        assertEquals(Map.of("A", "b"), built.buildArgs());
        assertEquals(Map.of("l", "m"), built.labels());
        assertEquals(5, built.resources().memory());
        assertEquals(List.of("context of 3 bytes"), engine.calls);
        assertEquals(501, client.send(ClientRequest.post("/build?version=2")).status());
    }

    private static String encode(String text) {
        return java.net.URLEncoder.encode(text, UTF_8);
    }

    private static byte[] frame(int stream, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return concat(new byte[] {(byte) stream, 0, 0, 0, 0, 0, 0, (byte) bytes.length}, bytes);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = assertNotNullStream(DockerApiTest.class.getResourceAsStream(name))) {
            return in.readAllBytes();
        }
    }

    private static InputStream assertNotNullStream(@org.jspecify.annotations.Nullable InputStream in) {
        assertNotNull(in);
        return Objects.requireNonNull(in);
    }

    private static String text(ClientResponse response) throws IOException {
        return new String(response.bytes(100_000), UTF_8);
    }

    private static void assertError(int status, String message, ClientResponse response) throws IOException {
        assertEquals("{\"message\":\"" + message + "\"}", text(response).strip());
        assertEquals(status, response.status());
        assertEquals(Optional.of("application/json"), response.header("Content-Type"));
    }
}
