package dev.forno.registry.client;

import dev.forno.oci.Descriptor;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Index;
import dev.forno.oci.MediaTypes;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One search for a platform's manifest: entries that fit before those that don't say, and each index to its end. */
final class ImageSearch {
    private final Repository repository;
    private final Reference reference;
    private final Platform wanted;
    private final List<ManifestDocument.OfIndex> way = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private int indexes;
    private long bytes;

    ImageSearch(Repository repository, Reference reference, Platform wanted) {
        this.repository = repository;
        this.reference = reference;
        this.wanted = wanted;
    }

    ImageResolution run() {
        return in(repository.manifest(reference))
                .map(image -> new ImageResolution(way, image))
                .orElseThrow(() -> new FornoException(
                        ErrorKind.NOT_FOUND, "no matching manifest for " + wanted + " in the manifest list entries"));
    }

    private Optional<ManifestDocument.OfImage> in(ManifestDocument document) {
        return switch (document) {
            case ManifestDocument.OfImage image -> Optional.of(image);
            case ManifestDocument.OfIndex index -> in(index);
        };
    }

    private Optional<ManifestDocument.OfImage> in(ManifestDocument.OfIndex index) {
        bytes += index.bytes().length;
        require(
                way.size() < ImageResolution.MAX_NESTING,
                "nested deeper than " + ImageResolution.MAX_NESTING + " levels");
        require(++indexes <= ImageResolution.MAX_INDEXES, "more than " + ImageResolution.MAX_INDEXES);
        require(
                bytes <= ImageResolution.MAX_INDEX_BYTES,
                "larger than " + ImageResolution.MAX_INDEX_BYTES + " bytes together");
        way.addLast(index);
        for (Descriptor entry : candidates(index.index(), wanted)) {
            // What had nothing for the platform has nothing the second time.
            if (seen.add(entry.digest())) {
                Optional<ManifestDocument.OfImage> found = in(document(entry));
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        way.removeLast();
        return Optional.empty();
    }

    private ManifestDocument document(Descriptor entry) {
        ManifestDocument found = repository.manifest(reference.withDigest(entry.contentDigest()));
        // Whoever got it from here by its descriptor would not accept it.
        if (found.bytes().length != entry.size()) {
            throw new FornoException(
                    ErrorKind.DATA_LOSS,
                    "resolve " + reference.familiar() + ": " + entry.digest() + " has " + found.bytes().length
                            + " bytes, what lists it says " + entry.size());
        }
        return found;
    }

    /** The entries to look into: those that fit, the highest variant first; then the manifests and indexes without platform. */
    static List<Descriptor> candidates(Index index, Platform wanted) {
        List<Descriptor> candidates = new ArrayList<>(index.manifests().stream()
                .filter(entry -> entry.platform() != null && wanted.accepts(entry.platform()))
                .sorted(Comparator.comparing(Descriptor::platform, Platform.byVariant())
                        .reversed())
                .toList());
        index.manifests().stream()
                .filter(entry -> entry.platform() == null
                        && (MediaTypes.isManifest(entry.mediaType()) || MediaTypes.isIndex(entry.mediaType())))
                .forEach(candidates::add);
        return candidates;
    }

    private void require(boolean within, String excess) {
        if (!within) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT, "resolve " + reference.familiar() + ": its indexes are " + excess);
        }
    }
}
