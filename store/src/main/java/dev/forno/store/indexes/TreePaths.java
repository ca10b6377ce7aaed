package dev.forno.store.indexes;

import dev.forno.linux.files.FileNames;
import dev.forno.store.archives.EntryNames;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Resolves paths in a tree under construction as the kernel does below a {@link dev.forno.linux.files.Root}: links are
 * followed, absolute ones from the top, and {@code ..} stops at the top.
 */
final class TreePaths {
    static final int MAX_NAME = 255;

    private static final int MAX_LINKS = 40;
    private static final int MAX_DEPTH = 2048;

    private final Node root;

    /** The directory found last, since archives come directory by directory; forgotten when a name is replaced. */
    private @Nullable Node last;

    private String lastPath = "";

    TreePaths(Node root) {
        this.root = root;
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
        Node found = walk(path, entry);
        if (found != null) {
            last = found;
            lastPath = path;
        }
        return found;
    }

    /** The same, made with those above it when it isn't there; what is made counts as implied. */
    Node findOrMake(String path, String entry) {
        Node found = find(path, entry);
        if (found != null) {
            return found;
        }
        int end = 0;
        Node directory = root;
        while (end >= 0) {
            end = path.indexOf('/', end + 1);
            String prefix = end < 0 ? path : path.substring(0, end);
            Node next = walk(prefix, entry);
            directory = next != null ? next : make(directory, prefix, entry);
        }
        last = directory;
        lastPath = path;
        return directory;
    }

    private static Node make(Node parent, String path, String entry) {
        byte[] name = name(path.substring(path.lastIndexOf('/') + 1), entry);
        if (parent.child(name) != null) {
            throw EntryNames.refused(entry, "\"" + path + "\" is a link to nothing");
        }
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

    /** The bytes of one name. */
    static byte[] name(String part, String entry) {
        byte[] name = FileNames.encode(part);
        if (name.length > MAX_NAME) {
            throw EntryNames.refused(entry, "a name in it is longer than " + MAX_NAME + " bytes");
        }
        return name;
    }

    private @Nullable Node walk(String path, String entry) {
        Deque<Node> trail = new ArrayDeque<>();
        Deque<String> parts = new ArrayDeque<>();
        trail.push(root);
        parts.addAll(Arrays.asList(path.split("/")));
        int links = 0;
        while (!parts.isEmpty()) {
            String part = parts.pop();
            Node here = trail.element();
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            if (part.equals("..")) {
                if (here != root) {
                    trail.pop();
                }
                continue;
            }
            Node child = here.child(name(part, entry));
            if (child == null) {
                return null;
            }
            switch (child.kind) {
                case DIRECTORY -> trail.push(child);
                case SYMLINK -> {
                    if (++links > MAX_LINKS) {
                        throw EntryNames.refused(entry, "too many symbolic links on the way to it");
                    }
                    follow(child, trail, parts);
                }
                case FILE, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, WHITEOUT ->
                    throw EntryNames.refused(entry, "\"" + part + "\" on the way to it is not a directory");
            }
        }
        return trail.element();
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
