package dev.forno.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.registry.faults.Exchanged;
import dev.forno.registry.faults.Fault;
import dev.forno.registry.faults.FaultProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** Pulls and pushes with an engine that dies, a network that breaks and credentials of the engine's own. */
@DisabledIfEnvironmentVariable(named = "E2E_DOCKER_HOST", matches = ".+", disabledReason = "kills the engine")
class TransferTest {
    private static final int LARGE = 24 << 20;

    @TempDir
    Path folder;

    private Engine engine;
    private Docker docker;

    @BeforeEach
    void start() {
        engine = Engine.start();
        docker = engine.docker();
        BaseImages.busybox(docker);
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    /** An image with a layer that compression doesn't make smaller. */
    private void large(String name) {
        String id = docker.text(
                "run", "-d", EndToEnd.BUSYBOX, "dd", "if=/dev/urandom", "of=/large", "bs=1M", "count=" + (LARGE >> 20));
        docker.text("wait", id);
        docker.text("commit", id, name);
        docker.text("rm", id);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    private long ingested() {
        return largestBelow(engine.folder().resolve("state/store"));
    }

    /** The size of the largest blob that is arriving somewhere below a folder. */
    private static long largestBelow(Path store) {
        try (Stream<Path> files = Files.walk(store)) {
            return files.filter(file -> file.toString().contains("ingest"))
                    .mapToLong(TransferTest::size)
                    .max()
                    .orElse(0);
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    @Test
    void aPullGoesOnAfterTheEngineWasKilled() throws IOException {
        try (Registry registry = Registry.start();
                FaultProxy proxy = FaultProxy.before(registry.address())) {
            String name = proxy.address() + "/large:1";
            large(name);
            docker.text("push", name);
            String id = docker.inspect(name, "{{.Id}}");
            docker.text("rmi", name);
            docker.text("rmi", EndToEnd.BUSYBOX);
            proxy.forget();
            proxy.always("GET", "/blobs/", new Fault.Stall(16 << 20));
            Process pull = docker.command("pull", name).start(folder.resolve("pull.log"));
            try {
                Host.eventually("most of the layer to be here", () -> {
                    assertTrue(ingested() > 8 << 20, "ingested " + ingested());
                    return true;
                });
                engine.kill();
            } finally {
                pull.destroyForcibly();
            }
            List<Exchanged> before = proxy.log("GET .*/blobs/");
            proxy.heal();
            proxy.forget();
            engine.begin();
            docker.text("pull", name);
            assertEquals(id, docker.inspect(name, "{{.Id}}"));
            List<Exchanged> after = proxy.log("GET .*/blobs/");
            assertEquals(1, after.size(), "only what is not whole is fetched: " + before + " then " + after);
            assertTrue(after.getFirst().header("range").matches("bytes=[0-9]{7,}-"), after.toString());
            assertEquals("" + LARGE, docker.text("run", "--rm", name, "stat", "-c", "%s", "/large"));
            docker.text("rmi", name);
        }
    }

    @Test
    void aPushGoesOnAfterTheEngineWasKilled() throws IOException {
        try (FornoRegistry registry = FornoRegistry.start();
                FaultProxy proxy = FaultProxy.before(registry.address())) {
            String name = proxy.address() + "/large:1";
            large(name);
            docker.text("tag", EndToEnd.BUSYBOX, proxy.address() + "/large:base");
            docker.text("push", proxy.address() + "/large:base");
            proxy.forget();
            proxy.once("PATCH", "/uploads/", new Fault.StallUpload(16 << 20));
            Process push = docker.command("push", name).start(folder.resolve("push.log"));
            try {
                Host.eventually("most of the layer to have been taken", () -> {
                    long taken = largestBelow(registry.folder());
                    assertTrue(taken >= 16 << 20, "taken " + taken);
                    return true;
                });
                engine.kill();
            } finally {
                push.destroyForcibly();
            }
            String upload = proxy.log("^PATCH").getFirst().path();
            proxy.forget();
            engine.begin();
            docker.text("push", name);
            List<Exchanged> sent = proxy.log("^PATCH");
            assertEquals(1, sent.size(), "only what is missing is sent: " + proxy.log());
            assertEquals(
                    upload.replaceAll("\\?.*", ""),
                    sent.getFirst().path().replaceAll("\\?.*", ""),
                    proxy.log()::toString);
            long start = Long.parseLong(sent.getFirst().header("content-range").replaceAll("-.*", ""));
            assertTrue(start >= 16 << 20, sent.toString());
            assertFalse(engine.log().contains(upload.replaceAll(".*/", "")), "addresses of uploads are not told");
            String id = docker.inspect(name, "{{.Id}}");
            docker.text("rmi", name, proxy.address() + "/large:base");
            docker.text("pull", name);
            assertEquals(id, docker.inspect(name, "{{.Id}}"));
            assertEquals("" + LARGE, docker.text("run", "--rm", name, "stat", "-c", "%s", "/large"));
            docker.text("rmi", name);
        }
    }

    @Test
    void pullsAndPushesSurviveABadNetwork() throws IOException {
        try (Registry registry = Registry.start();
                FaultProxy proxy = FaultProxy.before(registry.address())) {
            String name = proxy.address() + "/large:1";
            large(name);
            proxy.once("POST", "/uploads/", Fault.status(503))
                    .once("PATCH", "/uploads/", new Fault.ResetUpload(9 << 20))
                    .once("PUT", "/manifests/", new Fault.LoseAnswer());
            docker.text("push", name);
            String id = docker.inspect(name, "{{.Id}}");
            docker.text("rmi", name);
            proxy.forget();
            proxy.once("GET", "/manifests/", Fault.retryAfter(429, java.time.Duration.ofSeconds(1)))
                    .at("GET", "/blobs/", 1, 1, new Fault.ResetAfter(7 << 20))
                    .at("GET", "/blobs/", 1, 1, new Fault.Truncate(3 << 20))
                    .once("GET", "/blobs/", new Fault.Reset());
            docker.text("pull", name);
            assertEquals(id, docker.inspect(name, "{{.Id}}"));
            docker.text("rmi", name);
            // A byte that went wrong on the way is not kept.
            proxy.always("GET", "/blobs/", new Fault.Corrupt(5));
            Command.Result broken = docker.run("pull", name).exits(1);
            assertTrue(broken.err().contains("digest"), broken.err());
            proxy.heal();
            docker.text("pull", name);
            assertEquals(id, docker.inspect(name, "{{.Id}}"));
            docker.text("rmi", name);
        }
    }

    @Test
    void theEngineHasCredentialsAndMirrorsOfItsOwn() throws IOException {
        String secret = "s3cretOfTheEngine";
        try (Registry registry = Registry.startWithPassword("baker", secret)) {
            String address = registry.address();
            String auth = Base64.getEncoder().encodeToString(("baker:" + secret).getBytes(StandardCharsets.UTF_8));
            Path config = Files.writeString(
                    folder.resolve("config.json"), "{\"auths\":{\"" + address + "\":{\"auth\":\"" + auth + "\"}}}");
            Path mirrors = Files.writeString(folder.resolve("registries.conf"), """
                    [[registry]]
                    prefix = "example.test/team"
                    location = "%s/group"
                    [[registry]]
                    prefix = "example.test/closed"
                    blocked = true
                    """.formatted(address));
            engine.stop();
            engine.options("--registry-auth", config.toString(), "--registries-conf", mirrors.toString());
            engine.begin();
            docker.text("tag", EndToEnd.BUSYBOX, address + "/group/app:1");
            docker.text("push", address + "/group/app:1");
            docker.text("rmi", address + "/group/app:1");
            docker.text("pull", "example.test/team/app:1");
            docker.text("rmi", "example.test/team/app:1");
            Command.Result blocked =
                    docker.run("pull", "example.test/closed/app:1").exits(1);
            assertTrue(blocked.err().contains("is blocked in " + mirrors), blocked.err());
            Files.writeString(config, "{}");
            docker.run("pull", address + "/group/app:1").exits(1);
            engine.stop();
            assertNowhere(secret);
            assertNowhere(auth);
            engine.begin();
        }
    }

    /** Neither database nor log nor any other file of the engine holds the text. */
    private void assertNowhere(String text) throws IOException {
        Command.Result found = Command.of(
                        "grep",
                        "-rlaF",
                        text,
                        engine.folder().resolve("state").toString(),
                        engine.folder().resolve("log").toString())
                .run();
        assertEquals(1, found.exit(), found.out() + found.err());
    }
}
