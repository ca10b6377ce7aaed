package dev.forno.store.indexes;

/** Stands in while the package is being built up. */
final class Pending {
    private Pending() {}

    static RuntimeException of() {
        return new UnsupportedOperationException("not built yet");
    }
}
