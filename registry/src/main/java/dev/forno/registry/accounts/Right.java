package dev.forno.registry.accounts;

import java.util.Locale;
import java.util.Optional;

/** What can be done with a repository. */
public enum Right {
    /** Reading. */
    PULL,
    /** Writing. */
    PUSH,
    /** Removing tags, manifests and blobs. */
    DELETE;

    /** As it is written in rights files and scopes. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The right of that word. */
    public static Optional<Right> of(String word) {
        for (Right right : values()) {
            if (right.word().equals(word)) {
                return Optional.of(right);
            }
        }
        return Optional.empty();
    }
}
