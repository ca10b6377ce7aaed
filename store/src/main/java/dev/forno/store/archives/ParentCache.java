package dev.forno.store.archives;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.Directory;
import dev.forno.linux.files.DirectoryMaker;
import dev.forno.linux.files.Root;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The last directory that was written into, kept open, since archives come directory by directory. It must be forgotten
 * when something existing is replaced: the path may lead elsewhere afterwards.
 */
final class ParentCache {
    /**
     * An open directory.
     *
     * @param path the path to it without links
     */
    record Parent(Directory directory, String path) {
        /** The path of a file in it. */
        String pathOf(String name) {
            return path.isEmpty() ? name : path + "/" + name;
        }
    }

    private final Root root;
    private final DirectoryMaker maker;
    private final Consumer<List<String>> made;
    private @Nullable Parent open;
    private String asked = "";

    /**
     * A cache of nothing yet.
     *
     * @param obstacle what to do when something else is in the way of a directory
     * @param made told of the directories that are made, by their paths without links
     */
    ParentCache(Root root, DirectoryMaker.Obstacle obstacle, Consumer<List<String>> made) {
        this.root = root;
        this.maker = new DirectoryMaker(root, 0755, obstacle);
        this.made = made;
    }

    /** The directory, made with those above it when it isn't there; stays open until the next call. */
    Parent open(String directory) throws IOException {
        Parent current = open;
        if (current != null && asked.equals(directory)) {
            return current;
        }
        forget();
        Parent opened = openOrMake(directory);
        open = opened;
        asked = directory;
        return opened;
    }

    private Parent openOrMake(String directory) throws IOException {
        try {
            return new Parent(root.plainDirectory(directory), directory);
        } catch (ErrnoException e) {
            if (e.errno() != ErrnoException.ENOENT
                    && e.errno() != ErrnoException.ELOOP
                    && e.errno() != ErrnoException.ENOTDIR) {
                throw e;
            }
        }
        DirectoryMaker.Made found = maker.make(directory);
        try {
            made.accept(found.made());
        } catch (RuntimeException e) {
            found.directory().close();
            throw e;
        }
        return new Parent(found.directory(), found.path());
    }

    void forget() {
        Parent current = open;
        open = null;
        if (current != null) {
            try {
                current.directory.close();
            } catch (ErrnoException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
