package dev.forno.registry.repositories;

import java.util.List;

/** A manifest was refused because the repository lacks what it needs. */
public final class MissingReferences extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 10;

    private final transient List<String> digests;

    MissingReferences(List<String> digests) {
        super("store manifest: the repository lacks "
                + String.join(", ", digests.subList(0, Math.min(SHOWN, digests.size())))
                + (digests.size() > SHOWN ? " and " + (digests.size() - SHOWN) + " more" : ""));
        this.digests = List.copyOf(digests);
    }

    /** What is missing. */
    public List<String> digests() {
        return digests;
    }
}
