package dev.forno.store.indexes;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Consumer;

/**
 * What one layer holds: its names with all attributes, and where in the layer's tar the contents lie. It is what
 * extracting the tar would give, with whiteouts and opaque directories as marks. Made by {@link TreeScan} or
 * {@link TreeBuilder}; immutable, thread-safe.
 */
public final class LayerTree {
    private LayerTree() {}

    /**
     * Reads what {@link #write} wrote. Bounded; checked by a checksum and against every rule of the format.
     *
     * @param in not closed; read exactly to the end of the tree
     * @param name what messages call it, such as {@code "layer sha256:…"}
     * @throws dev.forno.oci.FornoException {@code DATA_LOSS} when it is damaged or of a newer version
     */
    public static LayerTree read(InputStream in, String name) {
        return Pending.of();
    }

    /** Writes the tree compactly; equal trees give the same bytes. The stream is buffered here and flushed, not closed. */
    public void write(OutputStream out) {
        Pending.of();
    }

    /** The names in the tree, the root not counted. */
    public int entries() {
        return Pending.<Integer>of();
    }

    /** The sum of the sizes of the files that the tar has. */
    public long fileBytes() {
        return Pending.<Long>of();
    }

    /** The length of the tar in bytes. */
    public long tarBytes() {
        return Pending.<Long>of();
    }

    /** The length of the extra file in bytes; zero when the layer needs none and has none. */
    public long extraBytes() {
        return Pending.<Long>of();
    }

    /** Whether the layer describes the root directory itself; else the root's attributes come from layers below. */
    public boolean describesRoot() {
        return Pending.<Boolean>of();
    }

    /** Calls {@code visitor} for the root and every name, a directory before what is in it, names by their bytes. */
    public void forEach(Consumer<LayerEntry> visitor) {
        Pending.of();
    }
}
