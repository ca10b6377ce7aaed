package dev.forno.engine.images;

import dev.forno.engine.images.records.NameRecord;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Documents;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.MediaTypes;
import dev.forno.registry.client.ImageResolution;
import dev.forno.registry.client.ManifestDocument;
import dev.forno.store.Store;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** An index with the indexes within it, as far as they can be had; bounded as {@link ImageResolution} bounds them. */
final class IndexTree {
    private final String purpose;
    private final Function<Descriptor, Optional<byte[]>> source;
    private final Map<String, ManifestDocument.OfIndex> indexes = new LinkedHashMap<>();
    private final Set<String> seen = new HashSet<>();
    private final List<Descriptor> entries = new ArrayList<>();
    private long bytes;

    private IndexTree(String purpose, Function<Descriptor, Optional<byte[]>> source) {
        this.purpose = purpose;
        this.source = source;
    }

    /**
     * Reads an index that can be had.
     *
     * @param purpose what it is read for, as it begins messages
     * @param source gives documents, verified
     * @throws FornoException {@link ErrorKind#INVALID_ARGUMENT} beyond the bounds
     */
    static IndexTree of(String purpose, Descriptor target, Function<Descriptor, Optional<byte[]>> source) {
        IndexTree tree = new IndexTree(purpose, source);
        tree.walk(target, source.apply(target).orElseThrow(), 1);
        return tree;
    }

    /** That of a name, with the indexes that its images came through; nothing when the name stands for a mere manifest. */
    static Optional<IndexTree> of(String purpose, Store store, NameRecord name) {
        Set<String> kept = new HashSet<>(Set.of(name.target().digest()));
        name.images().forEach(one -> one.packing().indexes().forEach(index -> kept.add(index.digest())));
        Function<Descriptor, Optional<byte[]>> source = index -> Optional.of(index)
                .filter(one -> kept.contains(one.digest()))
                .flatMap(one -> store.content().stat(one.contentDigest()))
                .map(here -> store.content().readAll(here.digest(), Documents.MAX_MANIFEST_BYTES));
        return Optional.of(name.target())
                .filter(target -> MediaTypes.isIndex(target.mediaType()))
                .filter(target -> store.content().stat(target.contentDigest()).isPresent())
                .map(target -> of(purpose, target, source));
    }

    private void walk(Descriptor descriptor, byte[] document, int depth) {
        bytes += document.length;
        require(depth <= ImageResolution.MAX_NESTING, "nested deeper than " + ImageResolution.MAX_NESTING + " levels");
        require(seen.size() < ImageResolution.MAX_INDEXES, "more than " + ImageResolution.MAX_INDEXES);
        require(
                bytes <= ImageResolution.MAX_INDEX_BYTES,
                "larger than " + ImageResolution.MAX_INDEX_BYTES + " bytes together");
        seen.add(descriptor.digest());
        ManifestDocument.OfIndex index = new ManifestDocument.OfIndex(descriptor, document, Documents.index(document));
        for (Descriptor entry : index.index().manifests()) {
            boolean inner = MediaTypes.isIndex(entry.mediaType());
            Optional<byte[]> found = inner && !seen.contains(entry.digest()) ? source.apply(entry) : Optional.empty();
            if (found.isPresent()) {
                walk(plain(entry), found.get(), depth + 1);
            } else if (!seen.contains(entry.digest())) {
                entries.add(entry);
            }
        }
        indexes.put(descriptor.digest(), index);
    }

    private void require(boolean within, String excess) {
        if (!within) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, purpose + ": indexes within an index are " + excess);
        }
    }

    /** What they list that is no index of these, in order. */
    List<Descriptor> entries() {
        return entries;
    }

    /** The indexes, each after those that it lists: the outermost is the last. */
    List<ManifestDocument.OfIndex> indexes() {
        return List.copyOf(indexes.values());
    }

    /** The indexes that lead to an entry, in the same order. */
    List<ManifestDocument.OfIndex> over(Descriptor entry) {
        Set<String> leading = new HashSet<>(Set.of(entry.digest()));
        List<ManifestDocument.OfIndex> over = new ArrayList<>();
        indexes.forEach((digest, index) -> {
            if (index.index().manifests().stream().anyMatch(one -> leading.contains(one.digest()))) {
                leading.add(digest);
                over.add(index);
            }
        });
        return over;
    }

    /** Without annotations and data, which can be long and are in the documents. */
    static Descriptor plain(Descriptor entry) {
        return Descriptor.of(entry.mediaType(), entry.contentDigest(), entry.size());
    }
}
