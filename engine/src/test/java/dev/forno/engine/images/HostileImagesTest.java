package dev.forno.engine.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forno.linux.files.Root;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import dev.forno.store.Store;
import dev.forno.store.layers.StoredLayer;
import dev.forno.store.snapshots.Snapshot;
import dev.forno.store.snapshots.SnapshotterChoice;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hostile layers, in every way in which they come: stored, loaded from an archive, pulled. Each is refused with a reason or
 * contained, nothing outside is touched, and nothing stays. Needs root.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HostileImagesTest {
    private static final Set<ErrorKind> REFUSALS = Set.of(ErrorKind.INVALID_ARGUMENT, ErrorKind.DATA_LOSS);

    private final SnapshotterChoice choice;
    private ImageFixture fixture;
    private HostileRegistry registry;
    private Path directory;
    private Path outside;

    HostileImagesTest(SnapshotterChoice choice) {
        this.choice = choice;
    }

    @BeforeAll
    void open(@TempDir Path temporary) throws IOException {
        directory = temporary;
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "safe");
        Store store;
        try {
            store = Store.open(directory.resolve("store"), InstantSource.system(), choice);
        } catch (FornoException e) {
            assumeTrue(e.kind() != ErrorKind.UNAVAILABLE, e.getMessage());
            throw e;
        }
        fixture = new ImageFixture(store);
        registry = new HostileRegistry();
    }

    @AfterAll
    void close() throws IOException {
        if (fixture != null) {
            fixture.close();
            registry.close();
        }
    }

    Stream<HostileLayers.Case> layers() {
        return HostileLayers.all(outside).stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void stored(HostileLayers.Case hostile) throws IOException {
        expect(hostile, () -> {
            List<Digest> layers = new ArrayList<>();
            for (byte[] tar : hostile.layers()) {
                StoredLayer stored = fixture.store.layers().store(new ByteArrayInputStream(tar));
                layers.add(stored.diffId());
            }
            return layers;
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void loaded(HostileLayers.Case hostile) throws IOException {
        byte[] archive = HostileImage.of(hostile.layers()).archive("hostile:latest");
        expect(hostile, () -> fixture.services
                .archives()
                .load(new ByteArrayInputStream(archive), true, Progress.Listener.NONE)
                .getFirst()
                .layers());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void pulled(HostileLayers.Case hostile) throws IOException {
        registry.serve(HostileImage.of(hostile.layers()));
        expect(hostile, () -> fixture.services
                .transfers()
                .pull(PullRequest.of(Reference.parse(registry.image())), Progress.Listener.NONE)
                .layers());
    }

    /** The reading of the archive is broken off in the midst of the layer, and may not be possible any more. */
    @Test
    void aRefusedLayerIsWhatALoadFailedBy() throws IOException {
        byte[] layer = new HostileTar()
                .file("../../x", "escaped")
                .entry('0', "long", "", new byte[3 << 20])
                .end();
        byte[] archive = HostileImage.archive(Map.of("layer.tar", layer));
        BreakingInput rest = new BreakingInput();
        InputStream pausing = new SequenceInputStream(new ByteArrayInputStream(archive, 0, 1 << 20), rest);
        FornoException refusal = assertThrows(
                FornoException.class, () -> fixture.services.archives().load(pausing, true, Progress.Listener.NONE));
        assertEquals(ErrorKind.INVALID_ARGUMENT, refusal.kind());
        assertTrue(refusal.getMessage().contains("../../x"), refusal.getMessage());
        assertEquals(0, rest.late.get(), "nothing is read when the layer has failed");
        nothingStays();
    }

    /**
     * Of which nothing comes until whoever waits for it is interrupted; then it can't be read any more. What reads ahead of
     * the layer gets here before the layer is refused, or is stopped earlier; the load itself gets here only too late.
     */
    private static final class BreakingInput extends InputStream {
        private final Thread loading = Thread.currentThread();
        private final AtomicBoolean read = new AtomicBoolean();
        private final AtomicInteger late = new AtomicInteger();

        @Override
        public int read() throws IOException {
            if (Thread.currentThread().equals(loading) || read.getAndSet(true)) {
                late.incrementAndGet();
                throw new IllegalStateException("read after it was interrupted");
            }
            try {
                new CountDownLatch(1).await();
                throw new AssertionError("it never opens");
            } catch (InterruptedException e) {
                throw new InterruptedIOException("interrupted");
            }
        }

        @Override
        public int read(byte[] bytes, int from, int count) throws IOException {
            return read();
        }
    }

    @FunctionalInterface
    private interface Arrival {
        List<Digest> layers() throws IOException;
    }

    @SuppressWarnings("ReferenceEquality") // REFUSED is one particular look
    private void expect(HostileLayers.Case hostile, Arrival arrival) throws IOException {
        String refusal = "";
        try {
            look(arrival.layers(), hostile.look());
        } catch (FornoException e) {
            assertTrue(REFUSALS.contains(e.kind()), () -> e.kind() + " " + e.getMessage());
            refusal = e.getMessage();
        }
        boolean expected = hostile.look() == HostileLayers.REFUSED;
        assertEquals(expected, !refusal.isEmpty(), refusal);
        assertTrue(refusal.contains(hostile.reason()), refusal);
        assertEquals(List.of("secret"), names(outside));
        assertEquals("safe", Files.readString(outside.resolve("secret")));
        nothingStays();
    }

    private void look(List<Digest> layers, HostileLayers.Look look) throws IOException {
        Snapshot snapshot = fixture.store.snapshotter().prepare("hostile", layers);
        try (Root root = Root.open(snapshot.mount())) {
            look.at(root);
        } finally {
            snapshot.remove();
        }
    }

    private void nothingStays() throws IOException {
        for (ImageSummary image : fixture.services.images().list(ImageFilter.ALL)) {
            fixture.services.removal().remove(image.id().toString(), true, true);
        }
        fixture.roots.collect(fixture.store);
        assertEquals(List.of(), fixture.store.content().list());
        assertEquals(List.of(), fixture.store.snapshotter().layers());
        assertEquals(List.of(), fixture.store.snapshotter().snapshots());
        List<String> mounts = Files.readAllLines(Path.of("/proc/self/mountinfo"));
        assertFalse(mounts.stream().anyMatch(line -> line.contains(directory.toString())), "a mount stays");
        List<String> ingests = names(directory.resolve("store/ingests"));
        assertTrue(ingests.stream().allMatch(name -> name.startsWith("resumable-")), "kept: " + ingests);
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
