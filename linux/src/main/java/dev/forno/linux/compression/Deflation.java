package dev.forno.linux.compression;

/**
 * Compresses pieces of a stream into raw deflate blocks (RFC 1951) that make one deflate stream when put together: every
 * piece on its own, so that several can be done at once. Thread-safe.
 */
public abstract class Deflation {
    /** The bytes of the piece before that may be referred to. */
    public static final int WINDOW = 1 << 15;

    Deflation() {}

    /** The fastest implementation there is. */
    public static Deflation fastest() {
        IsaLibrary library = IsaLibrary.found().library();
        return library != null && IsaLibrary.deflates() ? new IsaDeflation(library) : new JdkDeflation();
    }

    /**
     * Compresses one piece. The bytes depend on the arguments alone, for one implementation on one kind of processor.
     *
     * @param size how many bytes of {@code data} there are to compress
     * @param before the end of the piece before, at most {@link #WINDOW} bytes; empty for the first
     * @param last whether this ends the stream; if not, the result ends at a whole byte
     */
    public abstract byte[] deflate(byte[] data, int size, byte[] before, boolean last);
}
