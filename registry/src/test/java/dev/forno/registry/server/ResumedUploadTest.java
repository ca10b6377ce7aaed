package dev.forno.registry.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.FornoException;
import dev.forno.oci.MediaTypes;
import dev.forno.oci.Reference;
import dev.forno.registry.client.Access;
import dev.forno.registry.client.BlobOutcome;
import dev.forno.registry.client.Patience;
import dev.forno.registry.client.RegistryClient;
import dev.forno.registry.client.RegistryOptions;
import dev.forno.registry.client.Repository;
import dev.forno.registry.client.UploadMemory;
import dev.forno.registry.credentials.Credentials;
import dev.forno.registry.faults.Exchanged;
import dev.forno.registry.faults.Fault;
import dev.forno.registry.faults.FaultProxy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client's pushes to this registry over a line that breaks. */
class ResumedUploadTest {
    private final byte[] content = new byte[3_000_000];

    @TempDir
    Path state;

    ResumedUploadTest() {
        new Random(7).nextBytes(content);
    }

    @Test
    void goesOnWhereItBroke() throws IOException {
        try (Served registry = new Served(state);
                FaultProxy proxy = FaultProxy.before(registry.host());
                RegistryClient client =
                        new RegistryClient(RegistryOptions.DEFAULT.withRetryDelay(Duration.ofMillis(1)))) {
            proxy.once("PATCH", "/uploads/", new Fault.ResetUpload(1_200_000))
                    .once("PATCH", "/uploads/", new Fault.ResetUpload(700_000))
                    .once("PATCH", "/uploads/", new Fault.LoseAnswer())
                    .once("PUT", "/uploads/", new Fault.LoseAnswer());
            Repository repository =
                    client.open(Reference.parse(proxy.address() + "/a/b"), Credentials.ANONYMOUS, Access.PUSH);
            Descriptor blob = Descriptor.of(MediaTypes.OCI_LAYER_GZIP, Digest.of(content), content.length);
            List<Long> progress = new ArrayList<>();
            assertEquals(
                    BlobOutcome.SENT,
                    repository.push(blob, () -> new ByteArrayInputStream(content), null, progress::add));
            assertArrayEquals(content, repository.blob(blob, content.length));
            List<String> ranges = proxy.log("^PATCH").stream()
                    .map(one -> one.header("content-range"))
                    .toList();
            assertEquals("", ranges.getFirst());
            assertEquals(3, ranges.size(), ranges.toString());
            assertTrue(ranges.get(1).matches("[1-9][0-9]{5,6}-2999999"), ranges.toString());
            assertTrue(start(ranges.get(2)) > start(ranges.get(1)), ranges.toString());
            assertEquals(1, proxy.log("^POST").size());
            assertEquals(content.length, progress.getLast());
            assertEquals(
                    List.of(),
                    proxy.log("^PATCH").stream()
                            .map(Exchanged::path)
                            .distinct()
                            .skip(1)
                            .toList());
        }
    }

    @Test
    void countsAttemptsAnewWhenTheRegistryGotFurther() throws IOException {
        RegistryOptions options = RegistryOptions.DEFAULT.withPatience(
                Patience.DEFAULT.withAttempts(3).withRetryDelay(Duration.ofMillis(1)));
        try (Served registry = new Served(state);
                FaultProxy proxy = FaultProxy.before(registry.host());
                RegistryClient client = new RegistryClient(options)) {
            proxy.at("PATCH", "/uploads/", 0, 5, new Fault.ResetUpload(500_000));
            Repository repository =
                    client.open(Reference.parse(proxy.address() + "/a/b"), Credentials.ANONYMOUS, Access.PUSH);
            Descriptor blob = Descriptor.of(MediaTypes.OCI_LAYER_GZIP, Digest.of(content), content.length);
            assertEquals(
                    BlobOutcome.SENT, repository.push(blob, () -> new ByteArrayInputStream(content), null, n -> {}));
            assertArrayEquals(content, repository.blob(blob, content.length));
            assertTrue(proxy.log("^PATCH").size() >= 6, proxy.log().toString());
            assertEquals(1, proxy.log("^POST").size(), "always the same upload");
            // Without any progress it is given up in time.
            proxy.always("PATCH", "/uploads/", new Fault.ResetUpload(0));
            content[0]++;
            Descriptor other = Descriptor.of(MediaTypes.OCI_LAYER_GZIP, Digest.of(content), content.length);
            proxy.forget();
            assertThrows(
                    FornoException.class,
                    () -> repository.push(other, () -> new ByteArrayInputStream(content), null, n -> {}));
            assertEquals(3, proxy.log("^PATCH").size());
        }
    }

    /** One upload is known; it is kept over clients. */
    private static final class Memory implements UploadMemory, UploadMemory.Note {
        private final List<URI> kept = new ArrayList<>();

        @Override
        public Note open(String registry, String repository, Digest blob) {
            return this;
        }

        @Override
        public Optional<URI> address() {
            return kept.isEmpty() ? Optional.empty() : Optional.of(kept.getLast());
        }

        @Override
        public void keep(URI address) {
            kept.add(address);
        }

        @Override
        public void forget() {
            kept.clear();
        }

        @Override
        public void close() {
            // Others may have it.
        }
    }

    private BlobOutcome push(FaultProxy proxy, UploadMemory memory, int attempts) {
        Patience patience = Patience.DEFAULT.withAttempts(attempts).withRetryDelay(Duration.ofMillis(1));
        try (RegistryClient client = new RegistryClient(RegistryOptions.DEFAULT.withPatience(patience))) {
            Repository repository =
                    client.open(Reference.parse(proxy.address() + "/a/b"), Credentials.ANONYMOUS, Access.PUSH);
            Descriptor blob = Descriptor.of(MediaTypes.OCI_LAYER_GZIP, Digest.of(content), content.length);
            return repository.push(blob, () -> new ByteArrayInputStream(content), null, memory, n -> {});
        }
    }

    @Test
    void goesOnWithWhatAnEarlierPushLeft() throws Exception {
        Memory memory = new Memory();
        try (Served registry = new Served(state);
                FaultProxy proxy = FaultProxy.before(registry.host())) {
            proxy.once("PATCH", "/uploads/", new Fault.Reset());
            assertThrows(FornoException.class, () -> push(proxy, memory, 1));
            assertEquals(1, memory.kept.size());
            byte[] part = Arrays.copyOf(content, 1_200_000);
            Served.expect(202, registry.send("PATCH", memory.kept.getLast().getRawPath(), part));
        }
        try (Served registry = new Served(state);
                FaultProxy proxy = FaultProxy.before(registry.host())) {
            // The registry has come back at another address.
            URI old = memory.kept.getLast();
            memory.keep(URI.create("http://" + proxy.address() + old.getRawPath()));
            assertEquals(BlobOutcome.SENT, push(proxy, memory, 3));
            assertEquals(List.of(), memory.kept, "it is done");
            assertEquals(List.of(), proxy.log("^POST"));
            assertEquals(1, proxy.log("^PATCH").size());
            assertEquals("1200000-2999999", proxy.log("^PATCH").getFirst().header("content-range"));
            assertArrayEquals(content, registry.store().content().readAll(Digest.of(content), content.length));
        }
    }

    @Test
    void beginsAnewWhereAnEarlierUploadIsOfNoUse() throws Exception {
        try (Served registry = new Served(state);
                FaultProxy proxy = FaultProxy.before(registry.host())) {
            String base = "http://" + proxy.address() + "/v2/a/b/blobs/uploads/";
            HttpResponse<byte[]> begun = Served.expect(202, registry.send("POST", "/v2/a/b/blobs/uploads/"));
            String mixed = Served.header(begun, "Location");
            String path = URI.create(mixed).getRawPath();
            Served.expect(202, registry.send("PATCH", path, new byte[1_000_000]));
            List<String> useless = List.of(
                    base + "11111111-1111-1111-1111-111111111111",
                    "http://127.0.0.1:1/v2/a/b/blobs/uploads/x",
                    "http://" + proxy.address() + "/nothing",
                    "http://" + proxy.address() + path);
            for (String address : useless) {
                content[0]++;
                Memory memory = new Memory();
                memory.keep(URI.create(address));
                proxy.forget();
                assertEquals(BlobOutcome.SENT, push(proxy, memory, 3), address);
                assertEquals(1, proxy.log("^POST").size(), address);
                assertEquals(List.of(), memory.kept);
                assertArrayEquals(
                        content, registry.store().content().readAll(Digest.of(content), content.length), address);
            }
            content[0]++;
            Memory memory = new Memory();
            memory.keep(URI.create(base + "gone"));
            proxy.once("GET", "/uploads/gone", Fault.status(500));
            assertEquals(BlobOutcome.SENT, push(proxy, memory, 3), "a registry that is at a loss is not asked again");
            assertEquals(1, proxy.log("GET .*gone").size());
        }
    }

    /** An earlier push's upload of which a part is there, under its address. */
    private String begun(Served registry, FaultProxy proxy, Memory memory) throws Exception {
        HttpResponse<byte[]> begun = Served.expect(202, registry.send("POST", "/v2/a/b/blobs/uploads/"));
        String path = URI.create(Served.header(begun, "Location")).getRawPath();
        Served.expect(202, registry.send("PATCH", path, Arrays.copyOf(content, 1_000_000)));
        memory.keep(URI.create("http://" + proxy.address() + path));
        proxy.forget();
        return path;
    }

    @Test
    void beginsAnewWhereAnEarlierUploadIsRefused() throws Exception {
        try (Served registry = new Served(state);
                FaultProxy proxy = FaultProxy.before(registry.host())) {
            for (String refusal : List.of("PATCH 403", "PATCH 405", "PUT 500", "PUT 422")) {
                content[0]++;
                Memory memory = new Memory();
                String path = begun(registry, proxy, memory);
                String[] words = refusal.split(" ");
                proxy.always(words[0], path, Fault.status(Integer.parseInt(words[1])));
                assertEquals(BlobOutcome.SENT, push(proxy, memory, 2), refusal);
                assertEquals(1, proxy.log("^POST").size(), refusal);
                assertEquals(List.of(), memory.kept, refusal);
                assertArrayEquals(
                        content, registry.store().content().readAll(Digest.of(content), content.length), refusal);
            }
        }
    }

    @Test
    void keepsAnEarlierUploadOfARegistryThatIsBusyOrRefusesAll() throws Exception {
        try (Served registry = new Served(state);
                FaultProxy proxy = FaultProxy.before(registry.host())) {
            Memory memory = new Memory();
            String path = begun(registry, proxy, memory);
            proxy.always("PATCH", path, Fault.status(429));
            assertThrows(FornoException.class, () -> push(proxy, memory, 2));
            assertEquals(List.of(), proxy.log("^POST"));
            proxy.heal();
            proxy.always("PATCH", "/uploads/", Fault.status(403)).always("POST", "/uploads/", Fault.status(403));
            assertThrows(FornoException.class, () -> push(proxy, memory, 2));
            proxy.heal();
            proxy.forget();
            assertEquals(BlobOutcome.SENT, push(proxy, memory, 2));
            assertEquals(List.of(), proxy.log("^POST"), "it goes on");
        }
    }

    private static long start(String range) {
        return Long.parseLong(range.substring(0, range.indexOf('-')));
    }
}
