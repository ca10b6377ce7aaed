package dev.forno.engine.images;

import dev.forno.engine.images.records.AttachedRecord;
import dev.forno.engine.images.records.ImageRecord;
import dev.forno.engine.images.records.NameRecord;
import dev.forno.engine.images.records.Packing;
import dev.forno.engine.images.records.PlatformRecord;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import dev.forno.store.Store;
import dev.forno.store.contents.BlobStat;
import dev.forno.store.leases.Lease;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an archive is to hold. A name that stands for an index means the whole index, as far as it is here, unless a platform
 * is asked for; an image that several names have is packed as the first of them has it.
 */
final class ArchiveSelection {
    private final Catalog catalog;
    private final ImageNames names;
    private final Store store;
    private final Lease lease;
    private final @Nullable Platform platform;
    private final Map<Digest, List<Reference>> chosen = new LinkedHashMap<>();
    private final Map<Digest, Packing> packings = new HashMap<>();
    private final Map<Reference, NameRecord> whole = new LinkedHashMap<>();

    /** @param lease keeps what is found from removal */
    ArchiveSelection(Catalog catalog, ImageNames names, Store store, Lease lease, @Nullable Platform platform) {
        this.catalog = catalog;
        this.names = names;
        this.store = store;
        this.lease = lease;
        this.platform = platform;
    }

    /** Adds what a user's text means: a name without tag all tags of the repository, as with Docker. */
    void add(String text) {
        if (!text.matches("(?:sha256:)?[a-f0-9]{64}")) {
            Reference reference = Reference.parse(text);
            boolean found = false;
            for (Map.Entry<String, NameRecord> entry :
                    catalog.snapshot().names().entrySet()) {
                Reference name = Reference.parse(entry.getKey());
                boolean meant = (reference.tag() == null && reference.digest() == null)
                        ? name.digest() == null && name.name().equals(reference.name())
                        : name.equals(reference);
                if (meant) {
                    found = true;
                    add(name, entry.getValue());
                }
            }
            if (found) {
                return;
            }
        }
        chosen.computeIfAbsent(names.resolve(text), id -> new ArrayList<>());
    }

    private void add(Reference name, NameRecord record) {
        // One of another platform is refused later.
        PlatformRecord saved =
                catalog.choose(record, platform).orElse(record.images().getFirst());
        Digest image = Digest.parse(saved.image());
        packings.putIfAbsent(image, saved.packing());
        List<Reference> tags = chosen.computeIfAbsent(image, id -> new ArrayList<>());
        if (name.digest() == null && !tags.contains(name)) {
            tags.add(name);
        }
        if (platform == null && record.hasIndex() && hasWhole(record)) {
            whole.put(name, record);
        }
    }

    /** Whether the index is here and leads to the manifests, through indexes that are here too. */
    private boolean hasWhole(NameRecord record) {
        lease.protect(record.target().contentDigest());
        record.images().forEach(one -> one.packing().indexes().forEach(index -> lease.protect(index.contentDigest())));
        Set<String> listed = new HashSet<>();
        Optional<IndexTree> tree = IndexTree.of("save images", store, record);
        tree.ifPresent(found -> found.entries().forEach(entry -> listed.add(entry.digest())));
        return record.images().stream()
                .allMatch(one -> listed.contains(one.packing().manifest().digest()));
    }

    /** The images that older readers are told of, each with its tags: of an index this machine's, or the first. */
    Map<ImageRecord, List<Reference>> images() {
        Map<ImageRecord, List<Reference>> images = new LinkedHashMap<>();
        chosen.forEach((id, tags) -> {
            requirePlatform(id);
            images.put(recordOf(id, packings.get(id)), List.copyOf(tags));
        });
        return images;
    }

    /** The names that are saved with their whole index. */
    Map<Reference, NameRecord> whole() {
        return whole;
    }

    /** All blobs with their sizes, in the order of their digests. */
    SortedMap<Digest, Long> blobs() {
        SortedMap<Digest, Long> blobs = new TreeMap<>();
        images().keySet().forEach(image -> add(blobs, image));
        for (NameRecord name : whole.values()) {
            add(blobs, name.target());
            for (PlatformRecord one : name.images()) {
                add(blobs, recordOf(Digest.parse(one.image()), one.packing()));
                for (AttachedRecord attached : one.packing().attachments()) {
                    add(blobs, attached.manifest());
                    attached.blobs().forEach(blob -> add(blobs, blob));
                }
                one.packing().indexes().forEach(index -> add(blobs, index));
            }
        }
        return blobs;
    }

    private void add(SortedMap<Digest, Long> blobs, ImageRecord image) {
        add(blobs, image.manifest());
        add(blobs, image.digest());
        image.layers().forEach(layer -> add(blobs, layer));
    }

    private void add(SortedMap<Digest, Long> blobs, Descriptor blob) {
        add(blobs, blob.contentDigest());
    }

    /** With the size that it has, whatever is said of it: an archive must not have it cut. */
    private void add(SortedMap<Digest, Long> blobs, Digest blob) {
        lease.protect(blob);
        BlobStat stored = store.content()
                .stat(blob)
                .orElseThrow(() ->
                        new FornoException(ErrorKind.NOT_FOUND, "save images: the blob " + blob + " is not here"));
        blobs.put(blob, stored.size());
    }

    private ImageRecord recordOf(Digest id, @Nullable Packing packing) {
        ImageRecord found = catalog.image(id).orElseThrow(() -> ImageNames.notFound(id.toString()));
        return packing == null ? found : found.withPacking(packing);
    }

    private void requirePlatform(Digest id) {
        Platform actual = catalog.config(id).platform();
        if (platform != null && !platform.accepts(actual)) {
            throw new FornoException(
                    ErrorKind.NOT_FOUND,
                    "save image " + id + ": it is for " + actual + ", not for the requested platform " + platform);
        }
    }
}
