package dev.forno.linux.files;

import dev.forno.linux.ErrnoException;
import java.util.ArrayList;
import java.util.List;

/** Makes a directory with those above it, part by part, each resolved inside the root. */
final class MissingDirectories {
    private final Root root;
    private final int mode;
    private final List<String> made = new ArrayList<>();

    MissingDirectories(Root root, int mode) {
        this.root = root;
        this.mode = mode;
    }

    List<String> make(String path) throws ErrnoException {
        StringBuilder sofar = new StringBuilder();
        for (String part : path.split("/")) {
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            if (!sofar.isEmpty()) {
                sofar.append('/');
            }
            sofar.append(part);
            step(sofar.toString());
        }
        return List.copyOf(made);
    }

    private void step(String path) throws ErrnoException {
        try {
            root.directory(path).close();
        } catch (ErrnoException missing) {
            if (missing.errno() != ErrnoException.ENOENT) {
                throw missing;
            }
            try {
                root.mkdir(path, mode);
                made.add(path);
            } catch (ErrnoException e) {
                if (e.errno() != ErrnoException.EEXIST) {
                    throw e;
                }
                root.directory(path).close(); // made by another; a dangling link fails here
            }
        }
    }
}
