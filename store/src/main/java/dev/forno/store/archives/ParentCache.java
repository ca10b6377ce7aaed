package dev.forno.store.archives;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.Directory;
import dev.forno.linux.files.Root;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last directory that was written into, kept open, since archives come directory by directory. It must be forgotten
 * when something existing is replaced: the path may lead elsewhere afterwards.
 */
final class ParentCache {
    private final Root root;
    private final List<String> made = new ArrayList<>();
    private @Nullable Directory open;
    private String path = "";

    ParentCache(Root root) {
        this.root = root;
    }

    /** The directory, made with those above it when it isn't there; stays open until the next call. */
    Directory open(String directory) throws IOException {
        Directory current = open;
        if (current != null && path.equals(directory)) {
            return current;
        }
        forget();
        Directory opened = openOrMake(directory);
        open = opened;
        path = directory;
        return opened;
    }

    private Directory openOrMake(String directory) throws IOException {
        try {
            return root.directory(directory);
        } catch (ErrnoException e) {
            if (e.errno() != ErrnoException.ENOENT) {
                throw e;
            }
            made.addAll(root.mkdirAll(directory, 0755));
            return root.directory(directory);
        }
    }

    List<String> made() {
        return made;
    }

    void forget() {
        Directory current = open;
        open = null;
        if (current != null) {
            try {
                current.close();
            } catch (ErrnoException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
