package dev.forno;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.engine.system.EngineIdentity;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.FornoException;
import dev.forno.oci.Index;
import dev.forno.oci.Manifest;
import dev.forno.oci.MediaTypes;
import dev.forno.registry.repositories.Checks;
import dev.forno.registry.repositories.Repositories;
import dev.forno.registry.repositories.Retention;
import dev.forno.registry.repositories.Storage;
import dev.forno.store.Store;
import dev.forno.store.snapshots.SnapshotterChoice;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryDaemonTest {
    private static final Duration GRACE = Duration.ofHours(1);
    private static final Retention RETENTION = new Retention(GRACE, GRACE, GRACE, 0);

    private static Digest blob(Repositories repositories, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Digest digest = Digest.of(bytes);
        repositories.uploads().store("a/b", digest, bytes.length, new ByteArrayInputStream(bytes));
        return digest;
    }

    /** The layers of a deleted manifest go, what may still find its manifest stays for its time. */
    @Test
    void cleansARegistryThatDoesNotRun(@TempDir Path directory) throws Exception {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        InstantSource clock = InstantSource.fixed(start);
        try (Store store = Store.open(directory, clock, SnapshotterChoice.UNPACK)) {
            Digest waiting;
            try (Repositories repositories = new Repositories(
                    new Storage(store.content(), store.database(), store.leases()), RETENTION, clock)) {
                Digest config = blob(repositories, "{}");
                Digest layer = blob(repositories, "layer");
                waiting = blob(repositories, "waits");
                byte[] manifest = Documents.write(
                        Manifest.class,
                        Manifest.of(
                                Descriptor.of(MediaTypes.OCI_CONFIG, config, 2),
                                List.of(Descriptor.of(MediaTypes.OCI_LAYER, layer, 5))));
                Digest digest = Digest.of(manifest);
                repositories
                        .manifests()
                        .put("a/b", manifest, MediaTypes.OCI_MANIFEST, digest, Map.of(), Checks.COMPLETE);
                repositories.manifests().remove("a/b", digest);
            }
            RegistryDaemon.clean(store, RETENTION, clock);
            assertEquals(
                    List.of(waiting),
                    store.content().list().stream().map(stat -> stat.digest()).toList());
            RegistryDaemon.clean(store, RETENTION, InstantSource.fixed(start.plus(GRACE.multipliedBy(2))));
            assertTrue(store.content().list().isEmpty());
        }
    }

    /** A registry's collection would take the engine's images for garbage. */
    @Test
    void refusesAnEnginesStoreAndADirectoryOfNothing(@TempDir Path directory) {
        InstantSource clock = InstantSource.system();
        Path engine = directory.resolve("engine");
        Digest image = Digest.of(new byte[] {1});
        try (Store store = Store.open(engine.resolve("store"), clock, SnapshotterChoice.UNPACK)) {
            EngineIdentity.of(store.database(), clock, new Random());
            store.content().put(image, new byte[] {1});
        }
        for (boolean existing : new boolean[] {false, true}) {
            for (Path state : List.of(engine, engine.resolve("store"))) {
                FornoException refused =
                        assertThrows(FornoException.class, () -> RegistryDaemon.open(state, existing, clock));
                assertTrue(refused.getMessage().contains(state + ": it belongs to an engine"), refused.getMessage());
            }
        }
        try (Store store = Store.open(engine.resolve("store"), clock, SnapshotterChoice.UNPACK)) {
            assertTrue(store.content().stat(image).isPresent());
        }
        assertThrows(FornoException.class, () -> RegistryDaemon.open(directory.resolve("none"), true, clock));
        assertFalse(Files.exists(directory.resolve("none")));
    }

    private static RegistryConfig config(Map<String, List<String>> options) {
        return RegistryArguments.config(options, "", RegistryConfig.at("127.0.0.1:5000"));
    }

    private static Retention cleaning(Map<String, List<String>> options) {
        return RegistryDaemon.retention(config(options), options);
    }

    /** What a registry was told to keep for ever doesn't go by a command that wasn't told so. */
    @Test
    void letsCopiesGoOnlyWhenToldTo(@TempDir Path directory) {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        InstantSource later = InstantSource.fixed(start.plus(Duration.ofDays(30)));
        byte[] bytes = Documents.write(Index.class, Index.of(List.of()));
        InstantSource clock = InstantSource.fixed(start);
        try (Store store = Store.open(directory, clock, SnapshotterChoice.UNPACK)) {
            try (Repositories repositories = new Repositories(
                    new Storage(store.content(), store.database(), store.leases()), RETENTION, clock)) {
                repositories
                        .manifests()
                        .put("a/b", bytes, MediaTypes.OCI_INDEX, Digest.of(bytes), Map.of(), Checks.COPY);
            }
            RegistryDaemon.clean(store, cleaning(Map.of()), later);
            assertEquals(1, store.content().list().size());
            RegistryDaemon.clean(store, cleaning(Map.of("upstream-keep", List.of("31d"))), later);
            assertEquals(1, store.content().list().size());
            RegistryDaemon.clean(store, cleaning(Map.of("upstream-keep", List.of("7d"))), later);
            assertTrue(store.content().list().isEmpty());
        }
        assertEquals(Duration.ofDays(7), config(Map.of()).retention().copies());
    }
}
