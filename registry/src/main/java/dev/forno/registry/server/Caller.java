package dev.forno.registry.server;

import dev.forno.registry.accounts.Right;

/** Who sent a request, with what they may do. */
interface Caller {
    /** Whether they have a right in a repository. */
    boolean may(Right right, String repository);

    /** Whether they may have the bytes of a repository: a right to them that their token leaves out is not enough. */
    default boolean mayTake(String repository) {
        return may(Right.PULL, repository);
    }

    /** Refuses, telling how to get the right, unless {@link #may}. */
    void require(Right right, String repository);

    /** Refuses callers that are unknown where they need to be known. */
    void requireKnown();
}
