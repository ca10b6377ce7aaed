package dev.forno.store.indexes;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.archives.TarEntry;
import java.util.List;

/**
 * Keeps a layer's tree, which is held in memory, at a size that the heap bears: with the default heap of 256 MiB some
 * hundred thousand files, with a larger one more.
 */
final class TreeBounds {
    /** What an entry takes, about, in a layer's tree, a merged one and an index being written together. */
    static final int ENTRY_BYTES = 300;

    static final int MAX_ENTRIES = (int) Math.min(1 << 22, Runtime.getRuntime().maxMemory() / 768);

    /** For names, link targets, attributes and maps of sparse files. */
    static final long MAX_BYTES = Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8);

    static final int EXTENT_BYTES = 48;

    private int entries;
    private long bytes;

    /** Counts an entry; throws when it is one too many. */
    void count(TarEntry entry, List<Extent> extents) {
        bytes += entry.name().length() + entry.linkName().length() + (long) EXTENT_BYTES * extents.size();
        for (var xattr : entry.xattrs().entrySet()) {
            bytes += xattr.getKey().length() + xattr.getValue().length;
        }
        bytes += Long.BYTES * Chunks.count(entry.size(), extents);
        if (bytes > MAX_BYTES) {
            throw tooMuch(
                    entry.name(),
                    "names, links, attributes and maps of sparse files of more than " + MAX_BYTES + " bytes");
        }
        countNode(entry.name());
    }

    /** Counts a file or directory, also one that an entry only implies. */
    void countNode(String entry) {
        entries++;
        if (entries > MAX_ENTRIES) {
            throw tooMuch(entry, "more than " + MAX_ENTRIES + " files and directories");
        }
    }

    /** The bytes of names, link targets, attributes and maps of sparse files so far. */
    long bytes() {
        return bytes;
    }

    /** The refusal of a layer: {@link ErrorKind#INVALID_ARGUMENT}. */
    static FornoException tooMuch(String entry, String what) {
        String start = entry.substring(0, Math.min(100, entry.length()));
        return new FornoException(
                ErrorKind.INVALID_ARGUMENT,
                "index layer: it has " + what + ", counted up to \"" + start
                        + "\"; give the engine a larger heap, or use the snapshotter \"unpack\"");
    }
}
