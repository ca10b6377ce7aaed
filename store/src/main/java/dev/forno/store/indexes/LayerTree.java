package dev.forno.store.indexes;

import dev.forno.linux.files.FileNames;
import dev.forno.store.failures.Failures;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What one layer holds: its names with all attributes, and where in the layer's tar the contents lie. It is what
 * extracting the tar would give, with whiteouts and opaque directories as marks. Made by {@link TreeScan} or
 * {@link TreeBuilder}; immutable, thread-safe.
 */
public final class LayerTree {
    private final Node root;
    private final long fileBytes;
    private final long tarBytes;
    private final long extraBytes;
    private final boolean describesRoot;
    private final int entries;
    private final long bytes;

    /**
     * A complete tree.
     *
     * @param bytes of its names, link targets, attributes and maps of sparse files
     */
    LayerTree(Node root, long fileBytes, long tarBytes, long extraBytes, boolean describesRoot, long bytes) {
        this.root = root;
        this.fileBytes = fileBytes;
        this.tarBytes = tarBytes;
        this.extraBytes = extraBytes;
        this.describesRoot = describesRoot;
        this.entries = count(root);
        this.bytes = bytes;
    }

    private static int count(Node directory) {
        int count = directory.children.size();
        for (Node child : directory.children.values()) {
            child.names++;
            count += count(child);
        }
        return count;
    }

    /**
     * Reads what {@link #write} wrote. Bounded; checked by a checksum and against every rule of the format.
     *
     * @param in not closed; read to its end, which must be that of the tree
     * @param name what messages call it, such as {@code "layer sha256:…"}
     * @throws dev.forno.oci.FornoException {@code DATA_LOSS} when it is damaged or of a newer version
     */
    public static LayerTree read(InputStream in, String name) {
        return new TreeInput(in, name).read();
    }

    /** Writes the tree compactly; equal trees give the same bytes. The stream is buffered here and flushed, not closed. */
    public void write(OutputStream out) {
        try {
            new TreeOutput(out).write(this);
        } catch (IOException e) {
            throw Failures.of("write layer tree", e);
        }
    }

    Node node() {
        return root;
    }

    /** The names in the tree, the root not counted. */
    public int entries() {
        return entries;
    }

    /** About how many bytes of memory the tree takes. */
    public long weight() {
        return bytes + (long) TreeBounds.ENTRY_BYTES * entries;
    }

    /** The sum of the sizes of the files that the tar has. */
    public long fileBytes() {
        return fileBytes;
    }

    /** The length of the tar in bytes. */
    public long tarBytes() {
        return tarBytes;
    }

    /** The length of the extra file in bytes; zero when the layer needs none and has none. */
    public long extraBytes() {
        return extraBytes;
    }

    /** Whether the layer describes the root directory itself; else the root's attributes come from layers below. */
    public boolean describesRoot() {
        return describesRoot;
    }

    /** The root directory. */
    public LayerEntry root() {
        return entry(root, "", 0);
    }

    /**
     * The paths of the directories that the layer only has as parents, each before what is in it; without those that links made
     * longer than any path may be.
     *
     * @throws dev.forno.oci.FornoException {@code INVALID_ARGUMENT} when they are more than the heap bears
     */
    public List<String> implied() {
        return new ImpliedPaths().in(root);
    }

    /** Calls {@code visitor} for the root and every name, a directory before what is in it, names by their bytes. */
    public void forEach(Consumer<LayerEntry> visitor) {
        visit(root, "", new HashMap<>(), visitor);
    }

    private static void visit(Node node, String path, Map<Node, Integer> inodes, Consumer<LayerEntry> visitor) {
        Integer known = inodes.putIfAbsent(node, inodes.size());
        visitor.accept(entry(node, path, known == null ? inodes.size() - 1 : known));
        node.children.forEach((name, child) -> {
            String text = FileNames.decode(name);
            visit(child, path.isEmpty() ? text : path + "/" + text, inodes, visitor);
        });
    }

    static LayerEntry entry(Node node, String path, int inode) {
        return new LayerEntry(
                path,
                node.kind,
                node.mode,
                node.uid,
                node.gid,
                node.modified(),
                node.size,
                FileNames.decode(node.target),
                node.major,
                node.minor,
                node.xattrs,
                node.extents(),
                inode,
                node.opaque,
                node.implied);
    }
}
