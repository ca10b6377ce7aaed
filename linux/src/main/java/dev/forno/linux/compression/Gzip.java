package dev.forno.linux.compression;

/** Which implementation gzip goes through. Looked for once, at the first use. Thread-safe. */
public final class Gzip {
    private static final String PACKAGE = "libisal2";

    private Gzip() {}

    /** What is used, for people: {@code ISA-L}, or {@code JDK} with the reason and the remedy. */
    public static String description() {
        IsaLibrary.Found found = IsaLibrary.found();
        return found.library() != null
                ? "ISA-L"
                : "JDK (" + found.reason() + "; ISA-L is about twice as fast: install the package " + PACKAGE
                        + " and restart)";
    }

    static Inflation inflation() {
        IsaLibrary library = IsaLibrary.found().library();
        return library == null ? new JdkInflation() : new IsaInflation(library);
    }
}
