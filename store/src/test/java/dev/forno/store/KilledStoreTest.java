package dev.forno.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.mounts.Mount;
import dev.forno.linux.mounts.Mounts;
import dev.forno.store.contents.BlobStat;
import dev.forno.store.garbage.Roots;
import dev.forno.store.snapshots.Layer;
import dev.forno.store.snapshots.Snapshot;
import dev.forno.store.snapshots.SnapshotterChoice;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whenever the process is killed, the next start and a collection leave nothing that nobody needs. Needs root. */
class KilledStoreTest {
    private static final int KILLS = 4;

    /** A later day, on which downloads that broke off aren't resumed any more. */
    private static final InstantSource LATER = InstantSource.offset(InstantSource.system(), Duration.ofDays(2));

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(
            value = SnapshotterChoice.class,
            names = {"EROFS", "UNPACK"})
    void nothingStaysAfterAKill(SnapshotterChoice choice) throws Exception {
        Path root = directory.resolve("store");
        Store.open(root, LATER, choice).close();
        List<String> empty = files(root);
        Random random = new Random(7);
        for (int kill = 0; kill < KILLS; kill++) {
            String last = kill(root, choice, random);
            try (Store store = Store.open(root, LATER, choice)) {
                for (BlobStat blob : store.content().list()) {
                    store.content().readAll(blob.digest(), 1 << 20); // which verifies it
                }
                for (Layer layer : store.snapshotter().layers()) {
                    Snapshot seen = store.snapshotter().prepare("look", List.of(layer.diffId()));
                    assertTrue(Files.isDirectory(seen.mount().resolve("d")));
                    seen.remove();
                }
                store.snapshotter().snapshots().forEach(Snapshot::remove); // no record names them
                store.garbage().collect(() -> new Roots(Set.of(), Set.of()));
            }
            Store.open(root, LATER, choice).close();
            assertEquals(empty, files(root), "after a kill at: " + last);
            assertEquals(List.of(), mounts(root));
        }
    }

    /** Lets a process work in the store, kills it some time after some change began, and returns what that was. */
    private static String kill(Path root, SnapshotterChoice choice, Random random) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(
                        java.toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreAtWork.class.getName(),
                        root.toString(),
                        choice.toString(),
                        Long.toString(random.nextLong()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String last = "start";
        try (BufferedReader lines = process.inputReader()) {
            for (int left = 1 + random.nextInt(60); left > 0; left--) {
                last = lines.readLine();
                assertNotNull(last, "the process ended by itself");
            }
            for (int spin = random.nextInt(500_000); spin > 0; spin--) {
                Thread.onSpinWait(); // into the change
            }
        } finally {
            process.destroyForcibly();
            process.onExit().join();
        }
        return last;
    }

    private static List<String> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.map(path -> root.relativize(path).toString())
                    .filter(name -> !name.startsWith("metadata.db-"))
                    .sorted()
                    .toList();
        }
    }

    private static List<Path> mounts(Path root) throws IOException {
        Path real = root.toRealPath();
        return Mounts.table().stream()
                .map(Mount::target)
                .filter(target -> target.startsWith(real))
                .toList();
    }
}
