package dev.forno.store.snapshots;

/**
 * A path that differs from the layers below.
 *
 * @param path absolute, from the root of the file system
 */
public record Change(Kind kind, String path) {
    /** What happened to the path. */
    public enum Kind {
        MODIFIED,
        ADDED,
        DELETED
    }
}
