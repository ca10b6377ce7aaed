package dev.forno.store.indexes;

/** Stands in while the package is being built up. */
final class Pending {
    private static final boolean PENDING = Boolean.parseBoolean("true");

    private Pending() {}

    @SuppressWarnings("TypeParameterUnusedInFormals")
    static <T> T of() {
        if (PENDING) {
            throw new UnsupportedOperationException("not built yet");
        }
        throw new IllegalStateException();
    }
}
