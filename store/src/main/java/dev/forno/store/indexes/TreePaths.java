package dev.forno.store.indexes;

import dev.forno.linux.files.FileNames;
import dev.forno.oci.FornoException;
import dev.forno.store.archives.EntryNames;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Resolves paths in a tree under construction as the kernel does below a {@link dev.forno.linux.files.Root}: links are
 * followed, absolute ones from the top, and {@code ..} stops at the top.
 */
final class TreePaths {
    private static final int MAX_LINKS = 40;
    private static final int MAX_DEPTH = 2048;

    private final Node root;
    private final TreeBounds bounds;

    /** The directory found last, since archives come directory by directory; forgotten when a name is replaced. */
    private @Nullable Node last;

    private String lastPath = "";

    TreePaths(Node root, TreeBounds bounds) {
        this.root = root;
        this.bounds = bounds;
    }

    /** Must be called when something was replaced: the paths known may lead elsewhere now. */
    void forget() {
        last = null;
    }

    /**
     * The directory that a path leads to, or null when there is nothing.
     *
     * @param entry the name of the entry that is told when the path can't be followed
     */
    @Nullable
    Node find(String path, String entry) {
        Node known = last;
        if (known != null && path.equals(lastPath)) {
            return known;
        }
        Node found = walk(path, entry, false);
        if (found != null) {
            last = found;
            lastPath = path;
        }
        return found;
    }

    /** The same, made with those above it when it isn't there, also where links lead; what is made counts as implied. */
    Node findOrMake(String path, String entry) {
        Node known = last;
        if (known != null && path.equals(lastPath)) {
            return known;
        }
        Node found = Objects.requireNonNull(walk(path, entry, true));
        last = found;
        lastPath = path;
        return found;
    }

    private Node make(Node parent, byte[] name, String entry) {
        bounds.countNode(entry);
        Node made = directoryIn(parent, entry);
        made.implied = true;
        parent.children.put(name, made);
        return made;
    }

    /** A new directory for {@code parent}, not put into it yet. */
    static Node directoryIn(Node parent, String entry) {
        if (parent.depth >= MAX_DEPTH) {
            throw EntryNames.refused(entry, "nested more than " + MAX_DEPTH + " directories deep");
        }
        return Node.directory(parent.depth + 1);
    }

    private @Nullable Node walk(String path, String entry, boolean make) {
        Deque<Node> trail = new ArrayDeque<>();
        Deque<String> parts = new ArrayDeque<>(Arrays.asList(path.split("/")));
        trail.push(root);
        int links = 0;
        while (!parts.isEmpty()) {
            String part = parts.pop();
            if (isStep(part, trail)) {
                continue;
            }
            byte[] name = EntryNames.bytes(part, entry);
            Node child = trail.element().child(name);
            if (child == null) {
                if (!make) {
                    return null;
                }
                child = make(trail.element(), name, entry);
            }
            switch (child.kind) {
                case DIRECTORY -> trail.push(child);
                case SYMLINK -> {
                    if (++links > MAX_LINKS) {
                        throw EntryNames.refused(entry, "too many symbolic links on the way to it");
                    }
                    follow(child, trail, parts);
                }
                case WHITEOUT -> {
                    if (!make) {
                        throw notADirectory(part, entry);
                    }
                    // It only removes what is below this layer, also when this layer then has files in such a
                    // directory.
                    Node anew = make(trail.element(), name, entry);
                    anew.opaque = true;
                    trail.push(anew);
                }
                case FILE, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO -> throw notADirectory(part, entry);
            }
        }
        return trail.element();
    }

    private static FornoException notADirectory(String part, String entry) {
        return EntryNames.refused(entry, "\"" + part + "\" on the way to it is not a directory");
    }

    /** Goes a step that names nothing; false when the part is a name. */
    private static boolean isStep(String part, Deque<Node> trail) {
        if (part.equals("..") && trail.size() > 1) {
            trail.pop();
        }
        return part.isEmpty() || part.equals(".") || part.equals("..");
    }

    private void follow(Node link, Deque<Node> trail, Deque<String> parts) {
        String target = FileNames.decode(link.target);
        if (target.startsWith("/")) {
            trail.clear();
            trail.push(root);
        }
        for (String part : Arrays.asList(target.split("/")).reversed()) {
            parts.push(part);
        }
    }
}
