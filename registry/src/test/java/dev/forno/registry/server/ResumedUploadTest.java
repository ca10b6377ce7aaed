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
import dev.forno.registry.credentials.Credentials;
import dev.forno.registry.faults.Exchanged;
import dev.forno.registry.faults.Fault;
import dev.forno.registry.faults.FaultProxy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    private static long start(String range) {
        return Long.parseLong(range.substring(0, range.indexOf('-')));
    }
}
