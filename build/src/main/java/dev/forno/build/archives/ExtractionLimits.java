package dev.forno.build.archives;

/**
 * Bounds of an extraction.
 *
 * @param entries how many files, directories and links
 * @param bytes how many bytes of content in all
 */
public record ExtractionLimits(long entries, long bytes) {
    /** Two million entries, 256 GiB. */
    public static final ExtractionLimits DEFAULT = new ExtractionLimits(2_000_000, 256L << 30);
}
