package dev.forno.store.indexes;

import dev.forno.linux.files.FileNames;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the paths of directories that a layer only has as parents. Links make paths much longer than the names in the archive, so
 * that {@link TreeBounds} says nothing about these. For one tree.
 */
final class ImpliedPaths {
    /** With the zero byte at its end, which the kernel counts too. */
    private static final int PATH_MAX = 4096;

    /** A fraction of the heap, since they are also written and read as one text. */
    private static final long MAX_BYTES = Runtime.getRuntime().maxMemory() / 16;

    private final long limit;
    private final List<String> found = new ArrayList<>();
    private long bytes;

    ImpliedPaths() {
        this(MAX_BYTES);
    }

    /** Keeps to this many bytes. */
    ImpliedPaths(long limit) {
        this.limit = limit;
    }

    List<String> in(Node root) {
        addFrom(root, "", 0);
        return found;
    }

    private void addFrom(Node directory, String path, int length) {
        directory.children.forEach((name, child) -> {
            int inner = length + (path.isEmpty() ? 0 : 1) + name.length;
            if (child.isDirectory() && inner < PATH_MAX) { // else nobody can name it, nor what is in it
                String text = FileNames.decode(name);
                String innerPath = path.isEmpty() ? text : path + "/" + text;
                if (child.implied) {
                    add(innerPath, inner);
                }
                addFrom(child, innerPath, inner);
            }
        });
    }

    private void add(String path, int length) {
        bytes += length;
        if (bytes > limit) {
            throw TreeBounds.tooMuch(
                    path, "paths of directories without entries of their own of more than " + limit + " bytes");
        }
        found.add(path);
    }
}
