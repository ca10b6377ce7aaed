package dev.forno.engine.builds;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.build.configs.ChangeInstructions;
import dev.forno.engine.Filters;
import dev.forno.engine.images.GarbageRoots;
import dev.forno.engine.images.Image;
import dev.forno.engine.images.ImageEvents;
import dev.forno.engine.images.ImageServices;
import dev.forno.engine.images.ImportRequest;
import dev.forno.engine.images.Progress;
import dev.forno.network.bridges.KernelNetworks;
import dev.forno.network.endpoints.NetworkSpec;
import dev.forno.network.endpoints.NetworkingConfig;
import dev.forno.network.endpoints.Networks;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import dev.forno.registry.client.RegistryClient;
import dev.forno.registry.client.RegistryOptions;
import dev.forno.runtime.monitors.ContainerRuntimes;
import dev.forno.runtime.tasks.ContainerRuntime;
import dev.forno.runtime.tasks.RuntimeConfig;
import dev.forno.store.Store;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The service of builds with everything real below it. Needs root. */
@Timeout(120)
class BuildsTest {
    @TempDir
    Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom();
    private Store store;
    private ContainerRuntime runtime;
    private Networks networks;
    private ImageServices images;
    private GarbageRoots roots;
    private Builds builds;

    @BeforeEach
    void open() throws IOException {
        String unique = "forno-builds-" + Long.toHexString(random.nextLong() & 0xffffffL);
        store = Store.open(directory.resolve("store"), InstantSource.system());
        runtime = ContainerRuntimes.open(new RuntimeConfig(
                Files.createDirectories(directory.resolve("run")), Optional.empty(), Optional.empty(), "/" + unique));
        networks = KernelNetworks.open(
                new NetworkingConfig(directory.resolve("netns"), unique, _ -> Optional.empty(), random));
        RegistryClient client = new RegistryClient(RegistryOptions.DEFAULT.withRetryDelay(Duration.ofMillis(1)));
        roots = new GarbageRoots();
        images = ImageServices.open(
                store, client, roots, List::of, ImageEvents.NONE, ChangeInstructions::apply, InstantSource.system());
        String bridge = "fe" + Long.toHexString(random.nextLong() & 0xffffffL);
        builds = Builds.open(new BuildParts(
                store,
                runtime,
                networks,
                () -> networks.ensure(NetworkSpec.bridge("bridge", bridge)).name(),
                images,
                roots,
                directory.resolve("builds"),
                InstantSource.system(),
                random));
        open.addAll(List.of(store, runtime, networks, client));
        images.archives()
                .importTar(
                        busybox(),
                        new ImportRequest(Reference.parse("busybox:latest"), "", null, List.of("CMD [\"sh\"]")),
                        Progress.Listener.NONE);
    }

    @AfterEach
    void leaveNothing() throws Exception {
        assertEquals(List.of(), store.snapshotter().snapshots());
        assertEquals(List.of(), runtime.ids());
        try (Stream<Path> files = Files.list(directory.resolve("builds"))) {
            assertEquals(List.of(), files.toList());
        }
        networks.recover(List.of(), List.of());
        networks.networks().forEach(network -> networks.remove(network.name()));
        for (AutoCloseable closeable : open.reversed()) {
            closeable.close();
        }
    }

    private static InputStream busybox() throws IOException {
        return tar(tar -> {
            byte[] program = Files.readAllBytes(Path.of("/bin/busybox"));
            tar.add(
                    TarEntry.file("bin/busybox", 0755, program.length, Instant.EPOCH),
                    new ByteArrayInputStream(program));
            for (String applet : List.of("sh", "cat", "echo", "sleep", "ip")) {
                tar.add(TarEntry.symlink("bin/" + applet, "busybox", Instant.EPOCH));
            }
        });
    }

    @FunctionalInterface
    private interface Content {
        void write(TarWriter tar) throws IOException;
    }

    private static InputStream tar(Content content) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            TarWriter tar = new TarWriter(bytes);
            content.write(tar);
            tar.finish();
            return new ByteArrayInputStream(bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream context(String dockerfile) {
        byte[] bytes = dockerfile.getBytes(UTF_8);
        return tar(tar -> tar.add(
                TarEntry.file("Dockerfile", 0644, bytes.length, Instant.EPOCH), new ByteArrayInputStream(bytes)));
    }

    private static BuildRequest request(String dockerfile, boolean quiet, String... tags) {
        BuildRequest plain = BuildRequest.of(context(dockerfile));
        return new BuildRequest(
                plain.context(),
                null,
                plain.dockerfile(),
                List.of(tags),
                Map.of(),
                null,
                false,
                false,
                Map.of(),
                "default",
                List.of(),
                plain.resources(),
                Map.of(),
                null,
                List.of(),
                quiet,
                false,
                true,
                List.of());
    }

    /** What a listener heard. */
    private static final class Heard implements BuildListener {
        final StringBuilder text = new StringBuilder();
        final List<Digest> ids = new ArrayList<>();
        final CountDownLatch said = new CountDownLatch(1);
        private final String awaited;

        Heard(String awaited) {
            this.awaited = awaited;
        }

        Heard() {
            this("\0");
        }

        @Override
        public void text(String piece) {
            text.append(piece);
            if (text.indexOf(awaited) >= 0) {
                said.countDown();
            }
        }

        @Override
        public void image(Digest id) {
            ids.add(id);
        }

        @Override
        public void pull(String layer, String status, long current, long total) {
            text.append(layer).append(' ').append(status).append('\n');
        }
    }

    private Digest build(BuildRequest request, BuildListener listener) {
        return assertInstanceOf(BuildOutcome.Built.class, builds.build(request, listener))
                .image();
    }

    @Test
    void imageIsNamedAndReportedAsDockersClientsExpect() {
        Heard heard = new Heard();
        Digest id = build(
                request("FROM busybox\nRUN ip -4 addr show eth0\nCMD echo hi\n", false, "app", "other:v1"), heard);
        Image image = images.images().resolve("app");
        assertEquals(id, image.id());
        assertEquals(id, images.images().resolve("other:v1").id());
        assertEquals(List.of(id), heard.ids);
        assertTrue(
                heard.text
                        .toString()
                        .endsWith(" ---> " + id.shortHex() + "\nSuccessfully built " + id.shortHex()
                                + "\nSuccessfully tagged app:latest\nSuccessfully tagged other:v1\n"),
                heard.text.toString());
        assertTrue(heard.text.toString().contains("inet "), heard.text.toString());
        assertEquals(
                "/bin/sh -c #(nop)  CMD [\"/bin/sh\" \"-c\" \"echo hi\"]",
                images.images().history("app").getFirst().createdBy());
    }

    @Test
    void sameBuildIsTheSameImageAndCacheOutlivesTheImageUntilPruned() {
        String dockerfile = "FROM busybox\nRUN echo content > /file\n";
        Digest first = build(request(dockerfile, false, "app"), new Heard());
        Heard again = new Heard();
        assertEquals(first, build(request(dockerfile, false, "app"), again));
        assertTrue(again.text.toString().contains(" ---> Using cache\n"), again.text.toString());

        images.removal().remove("app", false, true);
        roots.collect(store);
        Heard cached = new Heard();
        assertEquals(first, build(request(dockerfile, false, "app"), cached));
        assertTrue(cached.text.toString().contains(" ---> Using cache\n"), cached.text.toString());
        CacheRecord record = builds.cache().getFirst();
        assertEquals("RUN echo content > /file", record.description());
        assertTrue(record.shared());
        assertEquals(2, record.usageCount());

        assertEquals(
                List.of(),
                builds.prune(new CachePruneRequest(false, null, Filters.NONE, CachePruneRequest.Space.ANY))
                        .deleted());
        images.removal().remove("app", false, true);
        CachePruneReport report =
                builds.prune(new CachePruneRequest(false, null, Filters.NONE, CachePruneRequest.Space.ANY));
        assertEquals(List.of(record.id()), report.deleted());
        assertTrue(report.reclaimedBytes() > 0);
        Heard uncached = new Heard();
        build(request(dockerfile, false), uncached);
        assertFalse(uncached.text.toString().contains("Using cache"), uncached.text.toString());
    }

    @Test
    void quietBuildSaysOnlyTheId() {
        Heard heard = new Heard();
        Digest id = build(request("FROM busybox\nRUN echo noise\n", true), heard);
        assertEquals(id + "\n", heard.text.toString());
        Heard failed = new Heard();
        BuildOutcome outcome = builds.build(request("FROM busybox\nRUN echo why; exit 9\n", true), failed);
        assertEquals(
                new BuildOutcome.StepFailed(
                        "The command '/bin/sh -c echo why; exit 9' returned a non-zero code: 9", 9, "Dockerfile", 2),
                outcome);
        assertTrue(failed.text.toString().contains("why\n"), failed.text.toString());
    }

    @Test
    void onlyFromNamesTheBaseImage() {
        Digest base = images.images().resolve("busybox").id();
        assertEquals(base, build(request("FROM busybox\n", false, "alias"), new Heard()));
        assertEquals(base, images.images().resolve("alias").id());
    }

    @Test
    void interruptCancelsTheRunningStep() throws Exception {
        Heard heard = new Heard("started");
        CompletableFuture<FornoException> failure = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual()
                .start(() -> failure.complete(assertThrows(
                        FornoException.class,
                        () -> builds.build(request("FROM busybox\nRUN echo started; sleep 300\n", false), heard))));
        heard.said.await();
        thread.interrupt();
        assertEquals(ErrorKind.CANCELLED, failure.get().kind());
        thread.join();
    }

    @Test
    void malformedRequestsLeaveTheListenerUntouched() {
        Heard heard = new Heard();
        assertThrows(FornoException.class, () -> builds.build(request("FROM busybox\nFOO\n", false), heard));
        assertThrows(FornoException.class, () -> builds.build(request("FROM busybox\n", false, "BAD"), heard));
        BuildRequest noArchive = BuildRequest.of(new ByteArrayInputStream("not a tar".getBytes(UTF_8)));
        assertThrows(FornoException.class, () -> builds.build(noArchive, heard));
        assertEquals("", heard.text.toString());
    }
}
