package dev.forno.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code forno registry serve} with the clients that people use. */
class RegistryServeTest extends EndToEnd {
    private static final String[] NONE = {};

    @Test
    void dockerPushesAndPulls() {
        try (FornoRegistry registry = FornoRegistry.start()) {
            String name = registry.address() + "/team/busybox:1";
            docker.text("tag", BUSYBOX, name);
            docker.text("push", name);
            docker.text("rmi", name);
            docker.text("pull", name);
            assertEquals("here", docker.text("run", "--rm", name, "echo", "here"));
            docker.text("rmi", name);
        }
    }

    @Test
    void dockerLogsInByToken() {
        List<String> options = new ArrayList<>(FornoRegistry.user(folder, "ann", "secret"));
        options.add("--token");
        try (FornoRegistry registry = FornoRegistry.start(options.toArray(NONE))) {
            String name = registry.address() + "/team/busybox:1";
            docker.text("tag", BUSYBOX, name);
            assertFalse(docker.run("push", name).exit() == 0, "a push without login");
            assertFalse(
                    docker.run("login", "-u", "ann", "-p", "wrong", registry.address())
                                    .exit()
                            == 0,
                    "a wrong password");
            docker.text("login", "-u", "ann", "-p", "secret", registry.address());
            docker.text("push", name);
            docker.text("rmi", name);
            docker.text("pull", name);
            docker.text("logout", registry.address());
            docker.text("rmi", name);
            assertFalse(docker.run("pull", name).exit() == 0, "a pull after logout");
        }
    }

    private static void needs(String program) {
        boolean installed =
                Command.of("sh", "-c", "command -v " + program).run().exit() == 0;
        Assumptions.assumeTrue(installed, () -> program + " is not installed on this machine");
    }

    /** An OCI layout of busybox, for clients that don't speak to engines. */
    private Path layout() {
        needs("skopeo");
        Path archive = folder.resolve("busybox.tar");
        docker.text("save", "-o", archive.toString(), BUSYBOX);
        Path layout = folder.resolve("layout");
        Command.of("skopeo", "copy", "docker-archive:" + archive, "oci:" + layout + ":1")
                .run()
                .ok();
        return layout;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void skopeoCopiesThereAndBack(boolean token) {
        needs("skopeo");
        List<String> options = new ArrayList<>(FornoRegistry.tls(folder));
        options.addAll(FornoRegistry.user(folder, "ann", "secret"));
        if (token) {
            options.add("--token");
        }
        try (FornoRegistry registry = FornoRegistry.start(options.toArray(NONE))) {
            Path layout = layout();
            String one = "docker://" + registry.address() + "/team/busybox:1";
            String two = "docker://" + registry.address() + "/other/busybox:2";
            skopeo("copy", "--dest-creds", "ann:secret", "--dest-cert-dir", folder, "oci:" + layout + ":1", one);
            skopeo(
                    "copy",
                    "--src-creds",
                    "ann:secret",
                    "--dest-creds",
                    "ann:secret",
                    "--src-cert-dir",
                    folder,
                    "--dest-cert-dir",
                    folder,
                    one,
                    two);
            String digest =
                    skopeo("inspect", "--creds", "ann:secret", "--cert-dir", folder, "--format", "{{.Digest}}", two);
            Path back = folder.resolve("back");
            skopeo("copy", "--src-creds", "ann:secret", "--src-cert-dir", folder, two, "oci:" + back + ":1");
            assertTrue(
                    Files.exists(back.resolve("blobs/sha256").resolve(digest.substring("sha256:".length()))), digest);
            assertTrue(skopeo("list-tags", "--creds", "ann:secret", "--cert-dir", folder, two.replace(":2", ""))
                    .contains("\"2\""));
            skopeo("delete", "--creds", "ann:secret", "--cert-dir", folder, two);
            assertFalse(Command.of("skopeo", "inspect", "--creds", "ann:secret", "--cert-dir", folder.toString(), two)
                            .run()
                            .exit()
                    == 0);
            assertFalse(
                    Command.of("skopeo", "inspect", "--cert-dir", folder.toString(), one)
                                    .run()
                                    .exit()
                            == 0,
                    "nobody in particular");
        }
    }

    private static String skopeo(Object... words) {
        List<String> command = new ArrayList<>(List.of("skopeo"));
        for (Object word : words) {
            command.add(word.toString());
        }
        return new Command(command).run().ok().text();
    }

    @ParameterizedTest
    @ValueSource(strings = {"podman", "buildah"})
    void podmanAndBuildahPushAndPull(String client) {
        needs(client);
        List<String> options = new ArrayList<>(FornoRegistry.tls(folder));
        options.addAll(FornoRegistry.user(folder, "ann", "secret"));
        options.add("--token");
        String[] storage = {
            client,
            "--root",
            folder.resolve("storage").toString(),
            "--runroot",
            folder.resolve("run").toString(),
            "--storage-driver",
            "vfs"
        };
        try (FornoRegistry registry = FornoRegistry.start(options.toArray(NONE))) {
            String[] trust = {"--cert-dir", folder.toString(), "--creds", "ann:secret"};
            Path layout = layout();
            String name = registry.address() + "/team/busybox:1";
            String id = run(storage, "pull", "-q", "oci:" + layout + ":1").lastLine();
            run(storage, "push", trust[0], trust[1], trust[2], trust[3], id, "docker://" + name);
            run(storage, "rmi", "-f", id);
            assertEquals(
                    id,
                    run(storage, "pull", "-q", trust[0], trust[1], trust[2], trust[3], name)
                            .lastLine());
            run(storage, "rmi", "-a", "-f");
        }
    }

    private record Output(String text) {
        String lastLine() {
            return text.lines().toList().getLast().strip();
        }
    }

    private static Output run(String[] first, String... words) {
        List<String> command = new ArrayList<>(Arrays.asList(first));
        command.addAll(List.of(words));
        return new Output(new Command(command).run().ok().text());
    }

    @Test
    void aKilledRegistryGoesOnWithUploads() throws Exception {
        byte[] content = new byte[3_000_000];
        new Random(11).nextBytes(content);
        String digest = "sha256:"
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        try (FornoRegistry registry = FornoRegistry.start();
                HttpClient client = HttpClient.newHttpClient()) {
            String root = "http://" + registry.address();
            String location = root
                    + send(client, "POST", root + "/v2/a/b/blobs/uploads/", new byte[0])
                            .headers()
                            .firstValue("Location")
                            .orElseThrow();
            assertEquals(
                    202,
                    send(client, "PATCH", location, Arrays.copyOf(content, 1_000_000))
                            .statusCode());
            try (Socket socket = new Socket(
                    InetAddress.getLoopbackAddress(), URI.create(root).getPort())) {
                OutputStream out = socket.getOutputStream();
                String head = "PATCH " + URI.create(location).getPath()
                        + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n";
                out.write(head.getBytes(StandardCharsets.US_ASCII));
                out.write(content, 1_000_000, 500_000);
                out.flush();
                registry.kill();
            }
            registry.begin();
            String range = send(client, "GET", location, new byte[0])
                    .headers()
                    .firstValue("Range")
                    .orElseThrow();
            int offset = Integer.parseInt(range.substring(2)) + 1;
            assertTrue(offset >= 1_000_000 && offset <= 1_500_000, range);
            byte[] rest = Arrays.copyOfRange(content, offset, content.length);
            assertEquals(
                    201,
                    send(client, "PUT", location + "?digest=" + digest, rest).statusCode());
            registry.kill();
            registry.begin();
            HttpResponse<byte[]> stored = send(client, "GET", root + "/v2/a/b/blobs/" + digest, new byte[0]);
            assertEquals(200, stored.statusCode());
            assertArrayEquals(content, stored.body());
        }
    }

    private static HttpResponse<byte[]> send(HttpClient client, String method, String uri, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(uri))
                .method(method, BodyPublishers.ofByteArray(body))
                .build();
        return client.send(request, BodyHandlers.ofByteArray());
    }

    @Test
    @SuppressWarnings("try") // the other registry goes away before its end
    void imagesOfAnotherRegistryComeThroughAndStay() {
        try (Registry other = Registry.start()) {
            docker.text("tag", BUSYBOX, other.address() + "/team/busybox:1");
            docker.text("push", other.address() + "/team/busybox:1");
            docker.text("rmi", other.address() + "/team/busybox:1");
            try (FornoRegistry copy = FornoRegistry.start("--upstream", "other=" + other.address())) {
                String name = copy.address() + "/other/team/busybox:1";
                docker.text("pull", name);
                docker.text("rmi", name);
                other.close();
                docker.text("pull", name);
                assertEquals("here", docker.text("run", "--rm", name, "echo", "here"));
                assertFalse(docker.run("push", name).exit() == 0, "a push to a copy");
                docker.text("rmi", name);
            }
        }
    }

    @Test
    void helpAndMistakesAreTold() {
        String forno = Repository.root().resolve("forno").toString();
        assertTrue(Command.of(forno, "registry", "serve", "--help")
                .run()
                .ok()
                .out()
                .contains("--upstream"));
        Command.Result unknown =
                Command.of(forno, "registry", "serve", "--no-such").run();
        assertEquals(1, unknown.exit());
        assertTrue(unknown.err().contains("unknown option --no-such"), unknown.err());
        Command.Result alone =
                Command.of(forno, "registry", "serve", "--tls-cert", "x").run();
        assertTrue(alone.err().contains("tls-cert and tls-key belong together"), alone.err());
    }
}
