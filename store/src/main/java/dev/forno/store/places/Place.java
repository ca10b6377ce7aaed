package dev.forno.store.places;

import dev.forno.oci.Digest;
import java.nio.file.Path;
import java.util.List;

/**
 * A file or directory of a store, and what it is for.
 *
 * @param name the digest of a blob or layer, the key of a snapshot, else the file's name
 * @param layers the diffIDs of what an index merges, lowest first; none of other places, and of an index that isn't whole
 */
public record Place(Kind kind, String name, Path path, List<Digest> layers) {
    /** Copies the list. */
    public Place {
        layers = List.copyOf(layers);
    }

    /** What is no index. */
    public Place(Kind kind, String name, Path path) {
        this(kind, name, path, List.of());
    }

    /** What a place is for. */
    public enum Kind {
        /** A blob. */
        BLOB,
        /** An installed layer. */
        LAYER,
        /** The merged index of an image's layers. */
        INDEX,
        /** The changes of a container or of a running build step. */
        SNAPSHOT,
        /** A blob that is written, or whose transfer broke off and can be resumed. */
        PARTIAL,
        /** What is being made or removed. */
        TEMPORARY,
        /** Metadata. */
        METADATA
    }
}
