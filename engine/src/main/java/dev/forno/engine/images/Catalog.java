package dev.forno.engine.images;

import dev.forno.engine.images.records.ImageRecord;
import dev.forno.engine.images.records.NameRecord;
import dev.forno.engine.images.records.Packing;
import dev.forno.engine.images.records.PlatformRecord;
import dev.forno.engine.images.records.RecordJson;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.ImageConfig;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import dev.forno.store.Store;
import dev.forno.store.garbage.Roots;
import dev.forno.store.records.RecordTable;
import dev.forno.store.records.Transaction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Images and names in the metadata. A name is a complete reference with a tag or a digest; those with a digest are what
 * Docker calls repo digests. Thread-safe; every change is one transaction.
 */
final class Catalog {
    private static final String IMAGES = "images";
    private static final String NAMES = "image-names";

    private final Store store;
    private final InstantSource clock;
    private final Map<Digest, ImageConfig> configs = new ConcurrentHashMap<>();

    Catalog(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    /** All images with their names, as they are at one moment. */
    Snapshot snapshot() {
        return store.database().transaction(Catalog::snapshot);
    }

    private static Snapshot snapshot(Transaction tx) {
        Map<Digest, ImageRecord> images = new TreeMap<>();
        tx.table(IMAGES).list().values().forEach(json -> {
            ImageRecord image = RecordJson.image(json);
            images.put(image.digest(), image);
        });
        Map<String, NameRecord> names = new TreeMap<>();
        tx.table(NAMES).list().forEach((name, json) -> names.put(name, RecordJson.name(json)));
        return new Snapshot(images, names);
    }

    /** Takes away, in one transaction, what {@code work} takes out of a copy of all; an exception changes nothing. */
    <T> T reduce(Function<Snapshot, T> work) {
        Set<Digest> gone = new HashSet<>();
        T result = store.database().transaction(tx -> {
            Snapshot left = snapshot(tx);
            Map<String, NameRecord> names = new TreeMap<>(left.names());
            gone.addAll(left.images().keySet());
            T done = work.apply(left);
            gone.removeAll(left.images().keySet());
            names.forEach((name, before) ->
                    reduce(tx.table(NAMES), name, before, left.names().get(name)));
            gone.forEach(id -> tx.table(IMAGES).delete(id.toString()));
            return done;
        });
        configs.keySet().removeAll(gone);
        return result;
    }

    private static void reduce(RecordTable names, String name, NameRecord before, @Nullable NameRecord after) {
        if (after == null) {
            names.delete(name);
        } else if (!after.equals(before)) {
            names.put(name, RecordJson.write(after));
        }
    }

    Optional<ImageRecord> image(Digest id) {
        return store.database().table(IMAGES).get(id.toString()).map(RecordJson::image);
    }

    Optional<NameRecord> name(Reference name) {
        return store.database().table(NAMES).get(key(name)).map(RecordJson::name);
    }

    /** The configuration of an image that is recorded or at least stored. */
    ImageConfig config(Digest id) {
        ImageConfig known = configs.get(id);
        if (known == null) {
            known = Documents.imageConfig(store.content().readAll(id, Documents.MAX_CONFIG_BYTES));
            configs.put(id, known);
        }
        return known;
    }

    /**
     * Records an image, unless it is there, with further names; each is taken from the image that had it.
     *
     * @param moved takes each name that another image lost, with that image's id
     */
    ImageRecord record(ImageRecord image, Map<Reference, Descriptor> names, MoveListener moved) {
        return store.database().transaction(tx -> record(tx, image, names, moved));
    }

    /** Gives a recorded image another name; false when it has been removed meanwhile: its content may be gone already. */
    boolean addName(ImageRecord image, Reference name, Descriptor target) {
        return store.database().transaction(tx -> {
            boolean there = tx.table(IMAGES).get(image.id()).isPresent();
            if (there) {
                record(tx, image, Map.of(name, target), MoveListener.NONE);
            }
            return there;
        });
    }

    /** Gives an image another name, in the packing that it has itself; false when it is not recorded. */
    boolean addName(Digest id, Reference name) {
        return store.database().transaction(tx -> {
            Optional<ImageRecord> image = tx.table(IMAGES).get(id.toString()).map(RecordJson::image);
            image.ifPresent(found -> record(tx, found, Map.of(name, found.manifest()), MoveListener.NONE));
            return image.isPresent();
        });
    }

    private ImageRecord record(
            Transaction tx, ImageRecord image, Map<Reference, Descriptor> names, MoveListener moved) {
        RecordTable table = tx.table(IMAGES);
        ImageRecord kept = table.get(image.id()).map(RecordJson::image).orElse(image);
        if (kept.parent() == null && image.parent() != null && !image.parent().equals(image.id())) {
            kept = kept.withParent(image.parent());
        }
        if (!names.isEmpty()) {
            kept = kept.withTagged(now().toString());
        }
        table.put(kept.id(), RecordJson.write(kept));
        names.forEach((name, target) -> putName(tx, name, new NameRecord(image.id(), target, image.packing()), moved));
        return kept;
    }

    /** Gives a name another packing of its image, unless the name has got another one meanwhile. */
    void repack(Reference name, Packing old, Packing packing) {
        store.database().run(tx -> {
            RecordTable table = tx.table(NAMES);
            table.get(key(name))
                    .map(RecordJson::name)
                    .filter(record -> record.packing().equals(old))
                    .ifPresent(record -> table.put(
                            key(name), RecordJson.write(new NameRecord(record.image(), packing.manifest(), packing))));
        });
    }

    private void putName(Transaction tx, Reference name, NameRecord fresh, MoveListener moved) {
        if (name.digest() != null && !name.digest().equals(fresh.target().contentDigest())) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "refusing to create a tag with a digest reference");
        }
        RecordTable table = tx.table(NAMES);
        Optional<NameRecord> old = table.get(key(name)).map(RecordJson::name);
        NameRecord record = old.map(before -> joined(before, fresh)).orElse(fresh);
        old.ifPresent(before -> before.images().stream()
                .filter(one -> !record.has(one.image()))
                .forEach(one -> moved.moved(name, one.image())));
        table.put(key(name), RecordJson.write(record));
    }

    /** Another platform of the index that a name stands for comes beside those that are here; this machine's goes first. */
    private NameRecord joined(NameRecord before, NameRecord fresh) {
        if (!fresh.hasIndex() || !fresh.target().digest().equals(before.target().digest())) {
            return fresh;
        }
        List<PlatformRecord> images = new ArrayList<>();
        fresh.images().forEach(one -> images.add(joined(before, one)));
        before.images().stream().filter(one -> !fresh.has(one.image())).forEach(images::add);
        images.sort(Comparator.comparing(one -> !isForHost(one)));
        return NameRecord.of(fresh.target(), images).orElse(fresh);
    }

    /** A pull goes one way through an index to a manifest, where an archive had all. */
    private static PlatformRecord joined(NameRecord before, PlatformRecord fresh) {
        return before.images().stream()
                .filter(one -> one.image().equals(fresh.image()))
                .findFirst()
                .filter(one -> one.packing().isOf(fresh.packing().manifest()))
                .map(one -> new PlatformRecord(fresh.image(), fresh.packing().and(one.packing())))
                .orElse(fresh);
    }

    private boolean isForHost(PlatformRecord image) {
        return Platform.host().accepts(configOf(image).platform());
    }

    /**
     * The image of a name that is meant for a platform: of those that run there the one of the highest variant, as a pull
     * chooses it from an index. Without a platform the one that the name means.
     */
    Optional<PlatformRecord> choose(NameRecord name, @Nullable Platform platform) {
        if (platform == null) {
            return Optional.of(name.images().getFirst());
        }
        Comparator<PlatformRecord> order =
                Comparator.comparing(one -> configOf(one).platform(), Platform.byVariant());
        // The first of equals, so that this machine's stays the one that is meant.
        return name.images().stream()
                .filter(one -> platform.accepts(configOf(one).platform()))
                .reduce((best, next) -> order.compare(next, best) > 0 ? next : best);
    }

    private ImageConfig configOf(PlatformRecord image) {
        return config(Digest.parse(image.image()));
    }

    /** Gives what {@code from} stands for another name too; false when there is no such name. */
    boolean copyName(Reference from, Reference to) {
        return store.database().transaction(tx -> {
            Optional<NameRecord> record = tx.table(NAMES).get(key(from)).map(RecordJson::name);
            record.ifPresent(found -> tx.table(NAMES).put(key(to), RecordJson.write(found)));
            return record.isPresent();
        });
    }

    /** Everything that images and names need. */
    Roots roots() {
        return snapshot().roots();
    }

    private static void addAll(Set<Digest> blobs, Packing packing) {
        blobs.add(packing.manifest().contentDigest());
        packing.layers().forEach(layer -> blobs.add(layer.contentDigest()));
        packing.attachments().forEach(attached -> {
            blobs.add(attached.manifest().contentDigest());
            attached.blobs().forEach(blob -> blobs.add(blob.contentDigest()));
        });
        packing.indexes().forEach(index -> blobs.add(index.contentDigest()));
    }

    /** The text under which a name is recorded. */
    static String key(Reference name) {
        Digest digest = name.digest();
        return digest == null
                ? name.withDefaultTag().toString()
                : name.withDigest(digest).toString();
    }

    /** Hears that an image lost a name to another. */
    @FunctionalInterface
    interface MoveListener {
        MoveListener NONE = (name, image) -> {};

        void moved(Reference name, String image);
    }

    /** Images by id and names by complete reference; a copy that may be changed. */
    record Snapshot(Map<Digest, ImageRecord> images, Map<String, NameRecord> names) {
        /** Another copy. */
        Snapshot copy() {
            return new Snapshot(new TreeMap<>(images), new TreeMap<>(names));
        }

        /** What each image needs, with its names. */
        List<ImageHolding> holdings() {
            Map<String, List<Reference>> references = namesByImage();
            Map<String, Map<String, NameRecord>> meant = new HashMap<>();
            names.forEach((name, record) ->
                    meant.computeIfAbsent(record.image(), id -> new TreeMap<>()).put(name, record));
            return images.values().stream()
                    .map(image -> holding(
                            image,
                            references.getOrDefault(image.id(), List.of()),
                            meant.getOrDefault(image.id(), Map.of())))
                    .toList();
        }

        private static ImageHolding holding(
                ImageRecord image, List<Reference> references, Map<String, NameRecord> meant) {
            Digest id = image.digest();
            Roots needs = new Snapshot(Map.of(id, image), meant).roots();
            String name =
                    references.isEmpty() ? id.shortHex() : references.getFirst().familiar();
            List<Digest> layers = image.diffIds().stream().map(Digest::parse).toList();
            return new ImageHolding(id, name, needs.blobs(), layers);
        }

        /** Everything that these images and names need. */
        Roots roots() {
            Set<Digest> blobs = new HashSet<>();
            Set<Digest> layers = new HashSet<>();
            Set<List<Digest>> chains = new HashSet<>();
            for (ImageRecord image : images.values()) {
                blobs.add(image.digest());
                addAll(blobs, image.packing());
                List<Digest> chain = image.diffIds().stream().map(Digest::parse).toList();
                layers.addAll(chain);
                chains.add(chain);
            }
            for (NameRecord name : names.values()) {
                blobs.add(name.target().contentDigest());
                name.images().forEach(one -> addAll(blobs, one.packing()));
            }
            return new Roots(blobs, layers, chains);
        }

        /** The names of an image, tags first. */
        List<Reference> namesOf(Digest id) {
            List<Reference> tags = new ArrayList<>();
            List<Reference> digests = new ArrayList<>();
            names.forEach((name, record) -> {
                if (record.has(id.toString())) {
                    Reference reference = Reference.parse(name);
                    (reference.digest() == null ? tags : digests).add(reference);
                }
            });
            tags.addAll(digests);
            return tags;
        }

        /** Names of all images by id, tags first; for callers that look at many images. */
        Map<String, List<Reference>> namesByImage() {
            Map<String, List<Reference>> byImage = new TreeMap<>();
            Consumer<Boolean> pass = withDigest -> names.forEach((name, record) -> {
                Reference reference = Reference.parse(name);
                if ((reference.digest() != null) == withDigest) {
                    record.images().forEach(one -> byImage.computeIfAbsent(one.image(), id -> new ArrayList<>())
                            .add(reference));
                }
            });
            pass.accept(false);
            pass.accept(true);
            return byImage;
        }
    }
}
