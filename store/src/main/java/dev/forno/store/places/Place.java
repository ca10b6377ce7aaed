package dev.forno.store.places;

import java.nio.file.Path;

/**
 * A file or directory of a store, and what it is for.
 *
 * @param name the digest of a blob or layer, the key of a snapshot, else the file's name
 */
public record Place(Kind kind, String name, Path path) {
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
