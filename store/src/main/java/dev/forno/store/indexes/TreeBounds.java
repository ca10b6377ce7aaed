package dev.forno.store.indexes;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.archives.TarEntry;
import java.util.List;

/** Keeps a layer's tree, which is held in memory, at a size that a layer anyone works with doesn't reach. */
final class TreeBounds {
    static final int MAX_ENTRIES = 1 << 20;
    static final long MAX_BYTES = 256L << 20;

    private static final int EXTENT_BYTES = 48;

    private int entries;
    private long bytes;

    /** Counts an entry; throws when it is one too many. */
    void count(TarEntry entry, List<Extent> extents) {
        entries++;
        bytes += entry.name().length() + entry.linkName().length() + (long) EXTENT_BYTES * extents.size();
        bytes += entry.xattrs().entrySet().stream()
                .mapToLong(e -> e.getKey().length() + e.getValue().length)
                .sum();
        bytes += Long.BYTES * Chunks.count(entry.size(), extents);
        if (entries > MAX_ENTRIES) {
            throw tooMuch(entry, "more than " + MAX_ENTRIES + " entries");
        }
        if (bytes > MAX_BYTES) {
            throw tooMuch(
                    entry, "names, links, attributes and maps of sparse files of more than " + MAX_BYTES + " bytes");
        }
    }

    private static FornoException tooMuch(TarEntry entry, String what) {
        return new FornoException(
                ErrorKind.INVALID_ARGUMENT,
                "index layer: it has " + what + " up to \"" + entry.name()
                        + "\"; the snapshotter \"unpack\" has no such limit");
    }
}
