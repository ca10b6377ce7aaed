package dev.forno.store;

import dev.forno.oci.Digest;
import dev.forno.oci.FornoException;
import dev.forno.store.contents.Ingest;
import dev.forno.store.garbage.Roots;
import dev.forno.store.layers.StoredLayer;
import dev.forno.store.leases.Lease;
import dev.forno.store.snapshots.LayerTar;
import dev.forno.store.snapshots.Snapshot;
import dev.forno.store.snapshots.SnapshotterChoice;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A program that changes a store in every way, again and again, until it is killed. It prints a line for every change begun. */
final class StoreAtWork {
    private static final int IMAGES = 6;

    private final Store store;
    private final Random random;
    private final PrintStream told;

    private StoreAtWork(Store store, Random random, PrintStream told) {
        this.store = store;
        this.random = random;
        this.told = told;
    }

    /** The directory of the store, the snapshotter and a seed. */
    public static void main(String[] arguments) throws IOException {
        Store store = Store.open(Path.of(arguments[0]), InstantSource.system(), SnapshotterChoice.parse(arguments[1]));
        StoreAtWork work = new StoreAtWork(store, new Random(Long.parseLong(arguments[2])), System.out);
        while (true) {
            work.round();
        }
    }

    private void begin(String step) {
        told.println(step);
        told.flush();
    }

    private void round() throws IOException {
        try (Lease lease = store.leases().open("work")) {
            List<Digest> layers = List.of(install(lease), install(lease));
            begin("index");
            store.snapshotter().index(layers.subList(0, 1 + random.nextInt(2)));
            begin("prepare");
            Snapshot snapshot = store.snapshotter().prepare("s" + random.nextLong(1L << 40), layers);
            begin("mount");
            Files.writeString(snapshot.mount().resolve("d/changed"), "by " + snapshot.key());
            finish(snapshot);
        }
        begin("ingest");
        Ingest ingest = store.content().ingest("download" + random.nextInt(3));
        byte[] bytes = new byte[100_000];
        ingest.write(bytes, 0, bytes.length);
        if (random.nextBoolean()) {
            ingest.abort();
        } else {
            ingest.close();
        }
        begin("collect");
        store.garbage().collect(() -> new Roots(Set.of(), Set.of()));
    }

    private Digest install(Lease lease) {
        begin("store layer");
        byte[] tar = new LayerTar()
                .file("d/f" + random.nextInt(IMAGES), "x".repeat(50_000)) // the directory is implied
                .file("top", "" + random.nextInt(IMAGES))
                .bytes();
        lease.protect(Digest.of(tar));
        StoredLayer layer = store.layers().store(new ByteArrayInputStream(tar));
        return layer.diffId();
    }

    private void finish(Snapshot snapshot) throws IOException {
        switch (random.nextInt(4)) {
            case 0 -> {
                begin("commit");
                store.layers().commit(snapshot);
            }
            case 1 -> {
                begin("unmount");
                snapshot.unmount();
            }
            case 2 -> {
                begin("put");
                store.content().put(snapshot.key().getBytes(StandardCharsets.UTF_8));
            }
            default -> {
                begin("remove");
                snapshot.remove();
            }
        }
        if (random.nextInt(3) == 0) {
            for (Snapshot old : store.snapshotter().snapshots()) {
                begin("remove");
                try {
                    old.remove();
                } catch (FornoException e) {
                    throw new IOException(e);
                }
            }
        }
    }
}
