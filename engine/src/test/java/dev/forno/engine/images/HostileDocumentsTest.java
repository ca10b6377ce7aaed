package dev.forno.engine.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forno.linux.files.Root;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.MediaTypes;
import dev.forno.oci.Reference;
import dev.forno.store.Store;
import dev.forno.store.contents.ContentStore;
import dev.forno.store.snapshots.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hostile manifests and configurations, pulled and loaded as OCI layouts: refused with a reason, and nothing stays. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileDocumentsTest {
    private static final Set<ErrorKind> REFUSALS = Set.of(
            ErrorKind.INVALID_ARGUMENT,
            ErrorKind.DATA_LOSS,
            ErrorKind.NOT_IMPLEMENTED,
            ErrorKind.NOT_FOUND,
            ErrorKind.FAILED_PRECONDITION,
            ErrorKind.UNAVAILABLE);

    private ImageFixture fixture;
    private HostileRegistry registry;

    @BeforeAll
    void open(@TempDir Path directory) throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        fixture = new ImageFixture(Store.open(directory.resolve("store"), InstantSource.system()));
        registry = new HostileRegistry();
    }

    @AfterAll
    void close() throws IOException {
        if (fixture != null) {
            fixture.close();
            registry.close();
        }
    }

    static Stream<HostileDocuments.Case> documents() {
        return HostileDocuments.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("documents")
    void pulled(HostileDocuments.Case hostile) throws IOException {
        registry.serve(hostile.manifest(), hostile.type());
        hostile.blobs().forEach(blob -> registry.blob(Digest.of(blob), blob));
        String outcome = expect(hostile, () -> fixture.services
                .transfers()
                .pull(PullRequest.of(Reference.parse(registry.image())), Progress.Listener.NONE));
        assertTrue(outcome.contains(hostile.reason()), outcome);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("documents")
    void loaded(HostileDocuments.Case hostile) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
        files.put(
                "index.json",
                ("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\",\"manifests\":["
                                + HostileImage.descriptor(hostile.type(), hostile.manifest()) + "]}")
                        .getBytes(StandardCharsets.UTF_8));
        files.put("blobs/sha256/" + Digest.of(hostile.manifest()).hex(), hostile.manifest());
        hostile.blobs()
                .forEach(blob -> files.put("blobs/sha256/" + Digest.of(blob).hex(), blob));
        byte[] archive = HostileImage.archive(files);
        expect(hostile, () -> {
            List<Image> images =
                    fixture.services.archives().load(new ByteArrayInputStream(archive), true, Progress.Listener.NONE);
            if (images.isEmpty()) {
                throw new FornoException(ErrorKind.NOT_FOUND, "loaded nothing");
            }
            return images.getFirst();
        });
    }

    @FunctionalInterface
    private interface Arrival {
        Image image() throws IOException;
    }

    private String expect(HostileDocuments.Case hostile, Arrival arrival) throws IOException {
        String outcome = HostileDocuments.TAKEN;
        try {
            Image image = arrival.image();
            look(image.layers());
            fixture.services.images().inspect(image.id().toString());
            fixture.services.images().history(image.id().toString());
            fixture.services.removal().remove(image.id().toString(), true, true);
        } catch (FornoException e) {
            assertTrue(REFUSALS.contains(e.kind()), () -> e.kind() + " " + e.getMessage());
            assertTrue(e.getMessage().length() < 2000, "an endless message");
            outcome = e.getMessage();
        }
        boolean taken = outcome.equals(HostileDocuments.TAKEN);
        assertEquals(hostile.reason().equals(HostileDocuments.TAKEN), taken, outcome);
        // what a broken transfer has brought is kept for another attempt, but not for ever
        fixture.now = fixture.now.plus(ContentStore.RESUMABLE_FOR).plusSeconds(1);
        fixture.roots.collect(fixture.store);
        assertEquals(List.of(), fixture.store.content().list());
        assertEquals(List.of(), fixture.store.snapshotter().layers());
        assertEquals(List.of(), fixture.services.images().list(ImageFilter.ALL));
        return outcome;
    }

    private void look(List<Digest> layers) throws IOException {
        Snapshot snapshot = fixture.store.snapshotter().prepare("hostile", layers);
        try (Root root = Root.open(snapshot.mount())) {
            assertTrue(root.stat("f").isFile());
        } finally {
            snapshot.remove();
        }
    }
}
