package dev.forno.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.registry.faults.Fault;
import dev.forno.registry.faults.FaultProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the engine again and again in the middle of pulls, loads, pushes, builds, removals and collections. After each
 * restart every image that was acknowledged is there, whole and verified by digest, nothing else is, and in the end nothing is
 * left. {@code FORNO_CRASH_ROUNDS} sets how often (12), {@code FORNO_CRASH_SEED} repeats a run.
 */
@DisabledIfEnvironmentVariable(named = "E2E_DOCKER_HOST", matches = ".+", disabledReason = "kills the engine")
class CrashTest {
    private static final int WORKERS = 2;

    @TempDir
    Path folder;

    private final int rounds = Integer.parseInt(System.getenv().getOrDefault("FORNO_CRASH_ROUNDS", "12"));
    private final long seed =
            Long.parseLong(System.getenv().getOrDefault("FORNO_CRASH_SEED", "" + System.nanoTime() % 1_000_000));
    private final Random random = new Random(seed);
    private final List<CrashWorker> workers = new ArrayList<>();
    private Engine engine;
    private Docker docker;
    private Registry registry;
    private FaultProxy slow;
    private CrashImages images;
    private CrashState empty;

    @BeforeEach
    void start() throws IOException {
        engine = Engine.start();
        docker = engine.docker();
        registry = Registry.start();
        slow = FaultProxy.before(registry.address())
                .always("GET", "/blobs/", new Fault.Slow(20_000, Duration.ofMillis(15)));
        images = new CrashImages(random, Files.readAllBytes(BaseImages.busyboxTar()));
        List<String> registries = List.of(registry.address(), slow.address());
        for (int i = 0; i < WORKERS; i++) {
            workers.add(new CrashWorker(i, images, docker, registries, folder, new Random(random.nextLong())));
            fillRegistry("w" + i);
        }
        BaseImages.busybox(docker);
        docker.text("run", "--rm", "busybox", "true");
        docker.text("rmi", "busybox");
        empty = CrashState.of(engine.folder().resolve("state"));
    }

    @AfterEach
    void stop() throws IOException {
        engine.close();
        slow.close();
        registry.close();
    }

    private void fillRegistry(String prefix) {
        for (int image = 0; image < CrashImages.COUNT; image++) {
            String name = registry.address() + "/" + prefix + "/image" + image + ":latest";
            docker.text(
                    "load",
                    "-q",
                    "-i",
                    images.archive(image, name, folder.resolve("first.tar")).toString());
            docker.text("push", "-q", name);
            docker.text("rmi", name);
        }
    }

    @Test
    void whatWasAcknowledgedOutlivesEveryKill() throws IOException {
        for (int round = 0; round < rounds; round++) {
            try {
                round();
            } catch (AssertionError e) {
                throw new AssertionError(
                        "round " + round + " of seed " + seed + ": " + e.getMessage() + "\n" + workers + "\n"
                                + engine.log(),
                        e);
            }
        }
        assertNothingKept();
    }

    private void round() throws IOException {
        List<CompletableFuture<Command.Result>> working = workers.stream()
                .map(worker -> CompletableFuture.supplyAsync(
                        worker::untilFailure, task -> Thread.ofVirtual().start(task)))
                .toList();
        pause(20 + random.nextInt(random.nextInt(4) == 0 ? 3000 : 900));
        for (CompletableFuture<Command.Result> one : working) {
            assertTrue(!one.isDone(), () -> "failed before the kill: " + one.join());
        }
        engine.kill();
        working.forEach(CompletableFuture::join);
        while (random.nextInt(4) == 0) {
            engine.beginAndKill(Duration.ofMillis(50 + random.nextInt(600)));
        }
        engine.begin();
        verify();
    }

    private void verify() throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (String line : docker.run("images", "--no-trunc", "--format", "{{.Repository}}:{{.Tag}} {{.ID}}")
                .ok()
                .lines()) {
            String[] words = line.split(" ");
            if (!words[0].contains("<none>")) {
                found.put(words[0], words[1]);
            }
        }
        List<String> names = new ArrayList<>();
        for (CrashWorker worker : workers) {
            worker.verify(found);
            names.addAll(worker.names());
            worker.pushed()
                    .forEach((name, image) -> assertTrue(
                            registryHas(name, image), () -> name + " was pushed, but the registry hasn't " + image));
        }
        CrashState.assertBlobsAreWhatTheySay(engine.folder().resolve("state"));
        if (!names.isEmpty()) {
            CrashState.assertWhole(docker, names, folder.resolve("saved.tar"));
            runs(names.get(random.nextInt(names.size())));
        }
    }

    private boolean registryHas(String name, String image) {
        String repository = name.substring(name.indexOf('/') + 1, name.lastIndexOf(':'));
        return registry.has(repository, "latest", image.equals("built") ? "" : image);
    }

    private void runs(String name) {
        for (CrashWorker worker : workers) {
            int image = worker.image(name);
            if (image >= 0) {
                assertEquals(
                        images.sums(image), docker.text("run", "--rm", name, "sh", "-c", "sha256sum /data/*"), name);
            }
        }
    }

    /** Without images the engine's folder is as it was before the first. */
    private void assertNothingKept() throws IOException {
        workers.forEach(worker -> worker.names().forEach(name -> docker.text("rmi", name)));
        docker.text("image", "prune", "-af");
        docker.text("builder", "prune", "-af");
        engine.assertNothingLeft();
        engine.stop();
        engine.begin();
        Path state = engine.folder().resolve("state");
        Host.eventually("an empty store", () -> {
            assertEquals(List.of(), CrashState.of(state).beyond(empty));
            return state;
        });
        assertEquals(
                "",
                Command.of("losetup", "-l", "-n", "-O", "BACK-FILE")
                        .run()
                        .ok()
                        .out()
                        .lines()
                        .filter(line -> line.contains(engine.folder().toString()))
                        .reduce("", String::concat));
    }

    private static void pause(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
