package dev.forno.linux.files;

import dev.forno.linux.ErrnoException;

/**
 * Removes a tree, however deep: what lies too deep for one descriptor a level is moved up into the tree's top directory and
 * removed from there.
 */
final class TreeRemoval {
    private static final int MAX_DEPTH = 128;

    private final FileStat outside;
    private long moved;

    /** Removes trees from a directory with these attributes. */
    TreeRemoval(FileStat outside) {
        this.outside = outside;
    }

    void remove(Directory parent, String name) throws ErrnoException {
        if (isDirectoryLeft(parent, name)) {
            try (Directory top = parent.directory(name)) {
                requireSameMount(top, name);
                long before;
                do {
                    before = moved;
                    removeChildren(top, top, 1);
                } while (moved > before);
            } catch (ErrnoException e) {
                ignoreMissing(e);
            }
            removeEmpty(parent, name);
        }
    }

    private void removeChildren(Directory directory, Directory top, int depth) throws ErrnoException {
        for (String child : directory.list()) {
            if (isDirectoryLeft(directory, child)) {
                if (depth == MAX_DEPTH) {
                    moveUp(directory, child, top);
                } else {
                    removeDirectory(directory, child, top, depth);
                }
            }
        }
    }

    private void removeDirectory(Directory parent, String name, Directory top, int depth) throws ErrnoException {
        try (Directory directory = parent.directory(name)) {
            requireSameMount(directory, name);
            removeChildren(directory, top, depth + 1);
        } catch (ErrnoException e) {
            ignoreMissing(e);
        }
        removeEmpty(parent, name);
    }

    /** Unlinks what is no directory; whether there is a directory, which can't be unlinked. */
    private static boolean isDirectoryLeft(Directory parent, String name) throws ErrnoException {
        try {
            parent.unlink(name);
            return false;
        } catch (ErrnoException e) {
            if (e.errno() == ErrnoException.EISDIR) {
                return true;
            }
            ignoreMissing(e);
            return false;
        }
    }

    private void moveUp(Directory parent, String name, Directory top) throws ErrnoException {
        while (true) {
            try {
                parent.rename(name, top, "deep-" + moved++, Flags.RENAME_NOREPLACE);
                return;
            } catch (ErrnoException e) {
                if (e.errno() != ErrnoException.EEXIST) {
                    throw e;
                }
            }
        }
    }

    private void requireSameMount(Directory directory, String name) throws ErrnoException {
        if (directory.fd().stat().mountId() != outside.mountId()) {
            throw new ErrnoException("remove \"" + name + "\": a mount point", ErrnoException.EBUSY);
        }
    }

    private static void removeEmpty(Directory parent, String name) throws ErrnoException {
        try {
            parent.rmdir(name);
        } catch (ErrnoException e) {
            ignoreMissing(e);
        }
    }

    private static void ignoreMissing(ErrnoException e) throws ErrnoException {
        if (e.errno() != ErrnoException.ENOENT) {
            throw e;
        }
    }
}
