package dev.forno.linux.files;

import dev.forno.linux.ErrnoException;

/** Removes a tree. Depth is bounded by the path length that the kernel lets anyone create only in part, so it is checked. */
final class TreeRemoval {
    private static final int MAX_DEPTH = 4096;

    private final FileStat top;
    private int depth;

    TreeRemoval(FileStat top) {
        this.top = top;
    }

    void remove(Directory parent, String name) throws ErrnoException {
        try {
            parent.unlink(name);
        } catch (ErrnoException e) {
            switch (e.errno()) {
                case ErrnoException.ENOENT -> {}
                case ErrnoException.EISDIR -> removeDirectory(parent, name);
                default -> throw e;
            }
        }
    }

    private void removeDirectory(Directory parent, String name) throws ErrnoException {
        if (++depth > MAX_DEPTH) {
            throw new ErrnoException("remove \"" + name + "\": deeper than " + MAX_DEPTH, ErrnoException.ELOOP);
        }
        try (Directory directory = parent.directory(name)) {
            if (directory.fd().stat().mountId() != top.mountId()) {
                throw new ErrnoException("remove \"" + name + "\": a mount point", ErrnoException.EBUSY);
            }
            for (String child : directory.list()) {
                remove(directory, child);
            }
        } catch (ErrnoException e) {
            if (e.errno() != ErrnoException.ENOENT) {
                throw e;
            }
        }
        try {
            parent.rmdir(name);
        } catch (ErrnoException e) {
            if (e.errno() != ErrnoException.ENOENT) {
                throw e;
            }
        }
        depth--;
    }
}
