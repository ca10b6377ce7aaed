package dev.forno.store.indexes;

import dev.forno.linux.files.FileNames;
import dev.forno.store.archives.EntryNames;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarType;
import dev.forno.store.archives.WhiteoutNames;
import java.util.List;

/**
 * Makes a layer's tree from the entries of a tar that is being written:
 * {@code new TarWriter(out, builder::add)} feeds it. Every entry has the effect that
 * {@link dev.forno.store.archives.Extractor} gives it. For one thread.
 */
public final class TreeBuilder {
    private static final int MAX_TARGET = 4095;

    /** Where the 32-bit block addresses of the index end. */
    private static final long MAX_TAR = 512L * 0xFFFFFFFEL;

    private final Node root = Node.directory(0);
    private final TreeBounds bounds = new TreeBounds();
    private final TreePaths paths = new TreePaths(root, bounds);
    private long bytes;
    private boolean rootSet;

    /** An empty tree. */
    public TreeBuilder() {}

    /**
     * Takes the next entry, with the effect that extracting it after the earlier ones would have.
     *
     * @param contentAt the position in the tar at which the content begins, a multiple of 512
     * @throws dev.forno.oci.FornoException {@code INVALID_ARGUMENT} as for {@link TreeScan#scan}
     */
    public void add(TarEntry entry, long contentAt) {
        if (contentAt % 512 != 0 || contentAt > MAX_TAR - entry.size()) {
            throw EntryNames.refused(
                    entry.name(), "its content is too far from the start of the layer, at " + contentAt);
        }
        boolean content = entry.type() == TarType.FILE && entry.size() > 0;
        add(entry, content ? List.of(new Extent(0, entry.size(), false, contentAt)) : List.of());
    }

    /** Takes the next entry with its content. */
    void add(TarEntry entry, List<Extent> extents) {
        bounds.count(entry, extents);
        String path = EntryNames.clean(entry.name());
        if (path.isEmpty()) {
            root(entry);
            return;
        }
        int slash = path.lastIndexOf('/');
        String parentPath = slash < 0 ? "" : path.substring(0, slash);
        Node parent = paths.findOrMake(parentPath, entry.name());
        String name = path.substring(slash + 1);
        if (name.startsWith(WhiteoutNames.PREFIX)) {
            whiteout(parent, name, entry.name());
        } else {
            create(entry, parent, parentPath, EntryNames.bytes(name, entry.name()), extents);
        }
    }

    private void root(TarEntry entry) {
        if (entry.type() != TarType.DIRECTORY) {
            throw EntryNames.refused(entry.name(), "the root can only be a directory");
        }
        attributes(entry, root);
        rootSet = true;
    }

    private void create(TarEntry entry, Node parent, String parentPath, byte[] name, List<Extent> extents) {
        switch (entry.type()) {
            case DIRECTORY -> directory(entry, parent, parentPath, name);
            case HARD_LINK -> hardLink(entry, parent, parentPath, name);
            case FILE, SYMLINK, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO -> {
                Node node = make(entry, extents);
                vacate(entry, parent, parentPath, name).children.put(name, node);
                bytes += entry.type() == TarType.FILE ? entry.size() : 0;
            }
        }
    }

    private void directory(TarEntry entry, Node parent, String parentPath, byte[] name) {
        Node existing = parent.child(name);
        Node node = existing;
        if (node == null || !node.isDirectory()) {
            Node vacated = vacate(entry, parent, parentPath, name);
            node = TreePaths.directoryIn(vacated, entry.name());
            // Removed below and made anew here: nothing from below may show through.
            node.opaque = existing != null && existing.kind == EntryKind.WHITEOUT;
            vacated.children.put(name, node);
        }
        node.implied = false;
        attributes(entry, node);
        XattrRules.apply(entry.xattrs(), node, entry.name());
    }

    private void hardLink(TarEntry entry, Node parent, String parentPath, byte[] name) {
        String target = EntryNames.clean(entry.linkName());
        if (target.isEmpty()) {
            throw EntryNames.refused(entry.name(), "a hard link to the root directory");
        }
        findLinked(entry, target);
        Node vacated = vacate(entry, parent, parentPath, name);
        Node found = findLinked(entry, target); // it may have been in, or on the way through, what was replaced
        if (found.isDirectory()) {
            throw EntryNames.refused(entry.name(), "a hard link to the directory \"" + entry.linkName() + "\"");
        }
        vacated.children.put(name, found);
    }

    /**
     * Removes what has the name already. The way to it is then gone anew, as it may have led through what is removed.
     * Returns the directory for the name.
     */
    private Node vacate(TarEntry entry, Node parent, String parentPath, byte[] name) {
        if (parent.children.remove(name) == null) {
            return parent;
        }
        paths.forget();
        Node vacated = paths.findOrMake(parentPath, entry.name());
        if (vacated.child(name) != null) {
            throw EntryNames.refused(entry.name(), "it replaces what it leads through");
        }
        return vacated;
    }

    private Node findLinked(TarEntry entry, String target) {
        int slash = target.lastIndexOf('/');
        Node directory = paths.find(slash < 0 ? "" : target.substring(0, slash), entry.name());
        byte[] name = EntryNames.bytes(target.substring(slash + 1), entry.name());
        Node found = directory == null ? null : directory.child(name);
        if (found == null) {
            throw EntryNames.refused(
                    entry.name(), "a hard link to \"" + entry.linkName() + "\", which is not in this archive");
        }
        return found;
    }

    private static Node make(TarEntry entry, List<Extent> extents) {
        Node node = Node.of(kind(entry));
        node.setContent(entry.size(), extents);
        node.major = entry.major();
        node.minor = entry.minor();
        if (entry.type() == TarType.SYMLINK) {
            node.target = FileNames.encode(entry.linkName());
            if (node.target.length == 0 || node.target.length > MAX_TARGET) {
                throw EntryNames.refused(
                        entry.name(), "a symbolic link's target has 1 to 4095 bytes, this one " + node.target.length);
            }
        }
        attributes(entry, node);
        node.mode = entry.type() == TarType.SYMLINK ? 0777 : node.mode;
        XattrRules.apply(entry.xattrs(), node, entry.name());
        return node;
    }

    private static EntryKind kind(TarEntry entry) {
        return switch (entry.type()) {
            case FILE -> EntryKind.FILE;
            case DIRECTORY -> EntryKind.DIRECTORY;
            case SYMLINK -> EntryKind.SYMLINK;
            case FIFO -> EntryKind.FIFO;
            case BLOCK_DEVICE -> EntryKind.BLOCK_DEVICE;
            case CHARACTER_DEVICE ->
                entry.major() == 0 && entry.minor() == 0 ? EntryKind.WHITEOUT : EntryKind.CHARACTER_DEVICE;
            case HARD_LINK -> throw new IllegalArgumentException("a hard link is no kind of file");
        };
    }

    private static void attributes(TarEntry entry, Node node) {
        node.uid = entry.uid() == -1 ? node.uid : entry.uid(); // as chown(2): -1 changes nothing
        node.gid = entry.gid() == -1 ? node.gid : entry.gid();
        node.mode = entry.mode();
        node.setModified(entry.modified());
    }

    private void whiteout(Node parent, String name, String entry) {
        if (name.equals(WhiteoutNames.OPAQUE)) {
            parent.opaque = parent != root; // an opaque root is no different: attributes of overlay roots aren't read
            return;
        }
        if (name.startsWith(WhiteoutNames.META_PREFIX)) {
            return;
        }
        String removed = name.substring(WhiteoutNames.PREFIX.length());
        if (removed.isEmpty() || removed.equals(".") || removed.equals("..")) {
            throw EntryNames.refused(entry, "a whiteout of nothing");
        }
        byte[] bytes = EntryNames.bytes(removed, entry);
        Node existing = parent.child(bytes);
        if (existing == null) {
            parent.children.put(bytes, Node.of(EntryKind.WHITEOUT));
        } else if (existing.isDirectory()) {
            existing.opaque = true;
        }
        // else: this layer's own file, which hides the one below by itself
    }

    /**
     * The tree of all entries so far.
     *
     * @param tarBytes the length of the whole tar in bytes
     */
    public LayerTree build(long tarBytes) {
        return build(tarBytes, 0);
    }

    LayerTree build(long tarBytes, long extraBytes) {
        return new LayerTree(root, bytes, tarBytes, extraBytes, rootSet, bounds.bytes());
    }
}
