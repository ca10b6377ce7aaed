package dev.forno.registry.server;

import static dev.forno.registry.server.Served.expect;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.forno.oci.Digest;
import dev.forno.oci.MediaTypes;
import dev.forno.registry.client.RegistryClient;
import dev.forno.registry.client.RegistryOptions;
import dev.forno.registry.documents.RecordJson;
import dev.forno.registry.documents.TokenDocument;
import dev.forno.registry.faults.Fault;
import dev.forno.registry.faults.FaultProxy;
import dev.forno.registry.repositories.Retention;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A manifest of another registry may name any digest: that gives nobody a right to bytes that are here already. */
@Timeout(60)
class CopyRightsTest {
    private static final String ANN = basic("ann");
    private static final String BOB = basic("bob");

    private final byte[] secret = new byte[400_000];
    private final String evil = "/v2/up/evil/x/blobs/" + Digest.of(secret());
    private Served origin;
    private FaultProxy between;
    private RegistryClient client;
    private Served copy;

    private byte[] secret() {
        new Random(7).nextBytes(secret);
        return secret;
    }

    private static String basic(String user) {
        byte[] pair = (user + ":secret").getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    @BeforeEach
    void open(@TempDir Path directory) throws IOException, InterruptedException {
        origin = new Served(
                directory.resolve("origin"),
                new RegistrySettings(Optional.empty(), Optional.empty(), true, Retention.DEFAULT, EngineKey.NONE));
        between = FaultProxy.before(origin.host());
        client = new RegistryClient(RegistryOptions.DEFAULT.withRetryDelay(Duration.ofMillis(1)));
        String hash = BCrypt.with(BCrypt.Version.VERSION_2Y).hashToString(4, "secret".toCharArray());
        Path htpasswd = Files.writeString(directory.resolve("htpasswd"), "ann:" + hash + "\nbob:" + hash + "\n");
        Users.TokenService service = new Users.TokenService(directory.resolve("key"), Optional.empty());
        Path rights = Files.writeString(directory.resolve("rights"), "ann ** pull,push,delete\nbob up/evil/** pull\n");
        copy = new Served(
                directory.resolve("copy"),
                new RegistrySettings(
                        Optional.of(new Users(htpasswd, Optional.of(rights), Optional.of(service))),
                        Optional.of(new Upstreams(
                                List.of("up=" + between.address()), Duration.ofHours(1), Upstreams.PATIENCE, client)),
                        false,
                        Retention.DEFAULT,
                        EngineKey.NONE));
        expect(201, origin.manifest("evil/x", "1", Served.manifest(secret), MediaTypes.OCI_MANIFEST));
        expect(200, copy.as(BOB).get("/v2/up/evil/x/manifests/1"));
    }

    @AfterEach
    void close() throws IOException {
        copy.close();
        client.close();
        between.close();
        origin.close();
    }

    private void assertHidden() throws IOException, InterruptedException {
        copy.as(BOB);
        expect(404, "BLOB_UNKNOWN", copy.get(evil));
        expect(404, "BLOB_UNKNOWN", copy.get(evil, "Range", "bytes=0-9"));
    }

    @Test
    void whatSomebodyPushedElsewhereStaysHidden() throws Exception {
        copy.as(ANN).blob("team/s", secret);
        assertHidden();
        // who may read it there may have it here, which makes it nobody else's
        assertArrayEquals(secret, expect(200, copy.as(ANN).get(evil)).body());
        assertEquals(
                List.of("team/s"),
                List.copyOf(copy.store()
                        .database()
                        .table("registry-holder/" + Digest.of(secret))
                        .list()
                        .keySet()));
        assertHidden();
    }

    @Test
    void whatATokenLeavesOutStaysHidden() throws Exception {
        copy.as(ANN).blob("team/s", secret);
        String narrow = token("repository:up/evil/x:pull");
        String both = token("repository:up/evil/x:pull repository:team/s:pull");
        expect(404, "BLOB_UNKNOWN", copy.as(narrow).get(evil));
        assertArrayEquals(secret, expect(200, copy.as(both).get(evil)).body());
    }

    /** What ann sends to show a token that grants so much. */
    private String token(String scope) throws IOException, InterruptedException {
        String path = "/token?service=forno-registry&scope=" + URLEncoder.encode(scope, StandardCharsets.UTF_8);
        byte[] answer = expect(200, copy.as(ANN).get(path)).body();
        return "Bearer " + RecordJson.read(TokenDocument.class, answer).value();
    }

    @Test
    void whatTheEngineHasStaysHidden() throws Exception {
        copy.store().content().put(secret);
        assertHidden();
    }

    @Test
    void whatIsFetchedForOthersStaysHidden() throws Exception {
        origin.blob("real/x", Served.CONFIG);
        origin.blob("real/x", secret);
        expect(201, origin.manifest("real/x", "1", Served.manifest(secret), MediaTypes.OCI_MANIFEST));
        expect(200, copy.as(ANN).get("/v2/up/real/x/manifests/1"));
        String real = "/v2/up/real/x/blobs/" + Digest.of(secret);
        between.always("GET", "/v2/real/x/blobs/", new Fault.Stall(300_000));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<byte[]> reading = threads.submit(
                    () -> expect(206, copy.get(real, "Range", "bytes=0-1000")).body());
            assertEquals(1001, reading.get().length);
        }
        // the fetch goes on, and has 300,000 bytes
        assertHidden();
        between.heal();
        between.cut();
        assertArrayEquals(secret, expect(200, copy.as(ANN).get(real)).body());
        assertHidden();
    }
}
