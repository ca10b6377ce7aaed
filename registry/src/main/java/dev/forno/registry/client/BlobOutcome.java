package dev.forno.registry.client;

/** How a blob came to be in a repository. */
public enum BlobOutcome {
    /** It was there already. */
    EXISTED,
    /** The registry took it from another of its repositories. */
    MOUNTED,
    /** It was sent. */
    SENT
}
