package dev.forno.store.indexes;

import dev.forno.store.archives.TarEntry;

/**
 * Makes a layer's tree from the entries of a tar that is being written:
 * {@code new TarWriter(out, builder::add)} feeds it. For one thread.
 */
public final class TreeBuilder {
    /** An empty tree. */
    public TreeBuilder() {}

    /**
     * Takes the next entry, with the effect that extracting it after the earlier ones would have.
     *
     * @param contentAt the position in the tar at which the content begins, a multiple of 512
     * @throws dev.forno.oci.FornoException {@code INVALID_ARGUMENT} as for {@link TreeScan#scan}
     */
    public void add(TarEntry entry, long contentAt) {
        Pending.of();
    }

    /**
     * The tree of all entries so far.
     *
     * @param tarBytes the length of the whole tar in bytes
     */
    public LayerTree build(long tarBytes) {
        return Pending.of();
    }
}
