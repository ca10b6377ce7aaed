package dev.forno.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.Digest;
import dev.forno.store.contents.BlobStat;
import dev.forno.store.contents.Ingest;
import dev.forno.store.garbage.Roots;
import dev.forno.store.layers.StoredLayer;
import dev.forno.store.leases.Lease;
import dev.forno.store.places.Place;
import dev.forno.store.snapshots.Layer;
import dev.forno.store.snapshots.LayerTar;
import dev.forno.store.snapshots.MergedIndex;
import dev.forno.store.snapshots.Snapshot;
import dev.forno.store.snapshots.SnapshotterChoice;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Loads, builds, tags, removals, containers, collections and crashes, their steps interleaved at random, beside a model that
 * knows what must be there. Needs root.
 */
class CollectionTest {
    private static final int STEPS = 150;
    private static final int POOL = 8;

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // by each test's beginning
    private Store store;

    private SnapshotterChoice choice = SnapshotterChoice.AUTO;
    private Random random = new Random(0);
    private final Map<String, Image> images = new TreeMap<>();
    private final Map<String, List<Digest>> containers = new TreeMap<>();
    private final List<Work> works = new ArrayList<>();
    private int count;

    private record Image(Digest config, List<StoredLayer> layers) {
        List<Digest> chain() {
            return layers.stream().map(StoredLayer::diffId).toList();
        }

        Set<Digest> blobs() {
            Set<Digest> blobs =
                    layers.stream().map(layer -> layer.blob().contentDigest()).collect(Collectors.toSet());
            blobs.add(config);
            return blobs;
        }
    }

    /** Something in flight: its lease, and the steps that it still takes. */
    private static final class Work {
        private final Lease lease;
        private final Deque<Runnable> steps = new ArrayDeque<>();
        private final List<StoredLayer> layers = new ArrayList<>();

        Work(Lease lease) {
            this.lease = lease;
        }
    }

    @AfterEach
    void close() {
        store.snapshotter().snapshots().forEach(Snapshot::remove);
        store.garbage().collect(() -> new Roots(Set.of(), Set.of()));
        store.close();
    }

    private void open() {
        store = Store.open(directory.resolve("store"), InstantSource.system(), choice);
    }

    @ParameterizedTest
    @CsvSource({"AUTO, 1", "AUTO, 2", "UNPACK, 3", "UNPACK, 4"})
    void keepsWhatIsReachedAndNothingElse(SnapshotterChoice chosen, long seed) throws Exception {
        choice = chosen;
        random = new Random(seed);
        open();
        for (int i = 0; i < STEPS; i++) {
            step();
        }
        while (!works.isEmpty()) {
            goOn();
        }
        dropBuilds(true);
        collect();
        images.clear();
        for (String key : List.copyOf(containers.keySet())) {
            remove(key);
        }
        collect();
        assertEquals(List.of(), store.content().list());
        assertEquals(List.of(), store.snapshotter().layers());
    }

    private void step() throws Exception {
        switch (random.nextInt(20)) {
            case 0, 1, 2 -> load();
            case 3 -> build();
            case 4 -> tag();
            case 5, 6 -> pick(images).ifPresent(images::remove);
            case 7, 8 -> create();
            case 9 -> pick(containers).ifPresent(this::remove);
            case 10, 11 -> collect();
            case 12 -> abandon();
            case 13 -> {
                if (random.nextInt(4) == 0) {
                    crash();
                }
            }
            default -> goOn();
        }
    }

    private <T> java.util.Optional<String> pick(Map<String, T> of) {
        List<String> keys = List.copyOf(of.keySet());
        return keys.isEmpty()
                ? java.util.Optional.empty()
                : java.util.Optional.of(keys.get(random.nextInt(keys.size())));
    }

    private static byte[] tar(int number) {
        return new LayerTar()
                .directory("d" + number)
                .file("d" + number + "/file", "content " + number)
                .file("shared", "of " + number)
                .bytes();
    }

    /** Begins to load or pull an image of some of few layers, which others may have brought, or remove. */
    private void load() {
        Work work = new Work(store.leases().open("load"));
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            byte[] tar = tar(random.nextInt(POOL));
            work.steps.add(() -> {
                Digest diffId = Digest.of(tar);
                work.lease.protect(diffId);
                work.layers.add(store.layers().store(new ByteArrayInputStream(tar)));
            });
        }
        work.steps.add(() -> store.snapshotter()
                .index(work.layers.stream().map(StoredLayer::diffId).toList()));
        finish(work, "image" + random.nextInt(6));
        works.add(work);
    }

    /** Begins a build step: changes over an image become a further layer. */
    private void build() {
        pick(images).ifPresent(base -> {
            Work work = new Work(store.leases().open("build"));
            Image below = Objects.requireNonNull(images.get(base));
            below.chain().forEach(work.lease::protect);
            below.blobs().forEach(work.lease::protect);
            work.layers.addAll(below.layers());
            String key = "build" + count++;
            Snapshot snapshot = store.snapshotter().prepare(key, below.chain());
            containers.put(key, below.chain());
            work.steps.add(() -> write(snapshot, "step" + random.nextInt(4)));
            work.steps.add(() -> {
                work.layers.add(store.layers().commit(snapshot));
                containers.remove(key);
            });
            finish(work, "built" + random.nextInt(3));
            works.add(work);
        });
    }

    private static void write(Snapshot snapshot, String text) {
        try {
            Files.writeString(snapshot.mount().resolve("written"), text);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void finish(Work work, String name) {
        work.steps.add(() -> {
            byte[] config = work.layers.toString().getBytes(StandardCharsets.UTF_8);
            work.lease.protect(Digest.of(config));
            images.put(name, new Image(store.content().put(config), List.copyOf(work.layers)));
        });
        work.steps.add(work.lease::close);
    }

    private void tag() {
        pick(images).ifPresent(name -> images.put("tag" + random.nextInt(4), Objects.requireNonNull(images.get(name))));
    }

    private void create() {
        pick(images).ifPresent(name -> {
            List<Digest> chain = Objects.requireNonNull(images.get(name)).chain();
            String key = "container" + count++;
            try (Lease lease = store.leases().open("create")) {
                chain.forEach(lease::protect);
                store.snapshotter().prepare(key, chain);
                containers.put(key, chain);
            }
        });
    }

    private void remove(String key) {
        if (key.startsWith("container")) {
            store.snapshotter().snapshot(key).orElseThrow().remove();
            containers.remove(key);
        }
    }

    private void goOn() {
        if (works.isEmpty()) {
            return;
        }
        Work work = works.get(random.nextInt(works.size()));
        work.steps.remove().run();
        if (work.steps.isEmpty()) {
            works.remove(work);
        }
    }

    /** A load fails half way: what it brought has no user. */
    private void abandon() {
        works.stream().filter(w -> w.steps.size() > 1).findFirst().ifPresent(work -> {
            work.lease.close();
            works.remove(work);
            dropBuilds(false);
        });
    }

    /** Build steps that no work goes on with are removed, as builds and the next start do. */
    private void dropBuilds(boolean all) {
        if (all || works.isEmpty()) {
            for (String key : List.copyOf(containers.keySet())) {
                if (key.startsWith("build")) {
                    store.snapshotter().snapshot(key).ifPresent(Snapshot::remove);
                    containers.remove(key);
                }
            }
        }
    }

    /** The engine ends at once: leases are gone; half a blob and half a layer are left. */
    private void crash() throws Exception {
        works.clear();
        Ingest ingest = store.content().ingest();
        ingest.write(new byte[10], 0, 10);
        store.close();
        try (var homes = Files.walk(directory.resolve("store/snapshots"), 2)) {
            for (Path temporary : homes.filter(p -> p.endsWith("temporary")).toList()) {
                Files.createDirectories(temporary.resolve("77/tree"));
            }
        }
        open();
        dropBuilds(true);
        collect();
    }

    private Roots roots() {
        Set<Digest> blobs = new HashSet<>();
        Set<Digest> layers = new HashSet<>();
        Set<List<Digest>> chains = new HashSet<>();
        images.values().forEach(image -> {
            blobs.addAll(image.blobs());
            layers.addAll(image.chain());
            chains.add(image.chain());
        });
        return new Roots(blobs, layers, chains);
    }

    private void collect() {
        store.garbage().collect(this::roots);
        Set<Digest> blobs = new HashSet<>(roots().blobs());
        Set<Digest> layers = new HashSet<>(roots().layers());
        containers.values().forEach(layers::addAll);
        for (Work work : works) {
            for (StoredLayer layer : work.layers) {
                layers.add(layer.diffId());
                blobs.add(layer.blob().contentDigest());
            }
        }
        Set<Digest> hasBlobs =
                store.content().list().stream().map(BlobStat::digest).collect(Collectors.toSet());
        Set<Digest> hasLayers =
                store.snapshotter().layers().stream().map(Layer::diffId).collect(Collectors.toSet());
        assertTrue(hasBlobs.containsAll(blobs), () -> "lost " + blobs + " of " + hasBlobs);
        assertTrue(hasLayers.containsAll(layers), () -> "lost " + layers + " of " + hasLayers);
        hasBlobs.forEach(this::requireWhole);
        if (works.isEmpty()) {
            assertEquals(blobs, hasBlobs);
            assertEquals(layers, hasLayers);
            assertNothingUnfinished();
        }
    }

    private void requireWhole(Digest blob) {
        store.content().readAll(blob, 1 << 20);
    }

    private void assertNothingUnfinished() {
        assertEquals(
                List.of(),
                store.places().stream()
                        .filter(place -> place.kind() == Place.Kind.TEMPORARY || place.kind() == Place.Kind.PARTIAL)
                        .toList());
        for (MergedIndex index : store.snapshotter().indexes()) {
            assertTrue(
                    roots().chains().contains(index.layers())
                            || containers.values().stream()
                                    .anyMatch(chain -> chain.size()
                                                    >= index.layers().size()
                                            && chain.subList(0, index.layers().size())
                                                    .equals(index.layers())),
                    () -> "left " + index);
        }
    }
}
