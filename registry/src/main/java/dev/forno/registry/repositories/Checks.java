package dev.forno.registry.repositories;

/** Whether what a manifest needs must be in the repository before it. */
public enum Checks {
    /** Everything must be there, except a subject, which may come later. */
    COMPLETE,
    /** Blobs and manifests may be missing, as in a copy that is filled on demand. */
    SPARSE,
    /** The same; and the manifest itself is a copy, which may go when nobody asks for it any more. */
    COPY
}
