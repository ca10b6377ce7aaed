package dev.forno.registry.client;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a reference leads to on one platform.
 *
 * @param indexes the indexes on the way, each listed by the one before; empty when the reference names the manifest itself
 * @param image the platform's manifest
 */
public record ImageResolution(List<ManifestDocument.OfIndex> indexes, ManifestDocument.OfImage image) {
    /** So deep may indexes be within each other, the outermost counted. */
    public static final int MAX_NESTING = 4;

    /** So many indexes may belong to one reference. */
    public static final int MAX_INDEXES = 64;

    /** So many bytes may these indexes have together. */
    public static final long MAX_INDEX_BYTES = 16L << 20;

    /** Copies the list. */
    public ImageResolution {
        indexes = List.copyOf(indexes);
    }

    /**
     * Follows {@code reference} to the manifest for {@code platform}, through indexes of indexes too.
     *
     * @param platform null for this machine's
     * @throws FornoException {@link ErrorKind#NOT_FOUND} when there is no such manifest, or none for the platform;
     *     {@link ErrorKind#INVALID_ARGUMENT} when it would take more indexes than the bounds allow
     */
    public static ImageResolution of(Repository repository, Reference reference, @Nullable Platform platform) {
        return new ImageSearch(repository, reference, platform == null ? Platform.host() : platform).run();
    }

    /** What the reference names: the manifest itself or an index; its digest is the one to show and to keep. */
    public ManifestDocument target() {
        return indexes.isEmpty() ? image : indexes.getFirst();
    }
}
