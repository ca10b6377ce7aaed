package dev.forno.store.indexes;

import java.io.InputStream;
import java.nio.file.Path;

/** Makes a layer's tree from its tar while the tar streams by. */
public final class TreeScan {
    private TreeScan() {}

    /**
     * Reads a tar to the end of the stream, not only to the end of the archive. Contents are not kept: the caller copies
     * the stream to the layer file while it is read here. An interrupt cancels. Blocks as the stream does.
     *
     * @param tar the uncompressed layer from its first byte; not closed
     * @param extra a file that is made here when contents can't be pointed to in the tar (sparse files whose pieces are
     *     not aligned to blocks of 512 bytes); nothing may be there before. To be kept beside the tar
     * @throws dev.forno.oci.FornoException {@code INVALID_ARGUMENT} for a malformed or hostile archive, exactly when
     *     {@link dev.forno.store.archives.Extractor} refuses it too, and for what an index can't express
     */
    public static LayerTree scan(InputStream tar, Path extra) {
        return Pending.of();
    }
}
