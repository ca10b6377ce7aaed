package dev.forno.linux.files;

import dev.forno.linux.ErrnoException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Walks a tree, however deep, with a bounded number of descriptors and no recursion: what programs in containers and foreign
 * archives make may be deeper than any stack. Follows no link. What disappears meanwhile is left out. For one thread.
 */
public final class TreeWalk {
    private static final int MAX_OPEN = 64;
    private static final int ESTALE = 116;

    private final Visitor visitor;
    private final Deque<Level> levels = new ArrayDeque<>();

    private TreeWalk(Visitor visitor) {
        this.visitor = visitor;
    }

    /** Sees every entry below the top. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * An entry, a directory before what is in it.
         *
         * @param depth 1 for the children of the top
         * @return whether to go into it, when it is a directory
         */
        boolean visit(Directory parent, String name, FileStat stat, int depth) throws IOException;
    }

    /** Visits everything below {@code top}, which stays open and is not visited itself. */
    public static void walk(Directory top, Visitor visitor) throws IOException {
        new TreeWalk(visitor).run(top);
    }

    private void run(Directory top) throws IOException {
        Directory current = top;
        levels.push(new Level(top.fd().stat(), top, top.list().iterator()));
        try {
            while (true) {
                Level level = levels.element();
                Directory child = level.rest.hasNext() ? enter(current, level.rest.next()) : null;
                if (child != null) {
                    current = child;
                } else if (!level.rest.hasNext()) {
                    if (levels.size() == 1) {
                        return;
                    }
                    current = ascend(current);
                }
            }
        } finally {
            close(top);
        }
    }

    /** Visits an entry; the opened directory when it has to be gone into. */
    private @Nullable Directory enter(Directory parent, String name) throws IOException {
        Optional<FileStat> stat = parent.find(name);
        if (stat.isEmpty()
                || !visitor.visit(parent, name, stat.get(), levels.size())
                || !stat.get().isDirectory()) {
            return null;
        }
        Directory child = null;
        try {
            child = parent.directory(name);
            levels.push(new Level(child.fd().stat(), child, child.list().iterator()));
            closeFarthest();
            return child;
        } catch (ErrnoException e) {
            if (child != null) {
                child.close();
            }
            if (e.errno() == ErrnoException.ENOENT || e.errno() == ErrnoException.ENOTDIR) {
                return null; // removed or replaced meanwhile
            }
            throw e;
        }
    }

    /** Deep down, the descriptors of the levels near the top are given back; the top's is the caller's. */
    private void closeFarthest() throws ErrnoException {
        if (levels.size() > MAX_OPEN + 1) {
            Iterator<Level> fromTop = levels.descendingIterator();
            fromTop.next();
            while (fromTop.hasNext()) {
                Level level = fromTop.next();
                Directory open = level.directory;
                if (open != null) {
                    level.directory = null;
                    open.close();
                    return;
                }
            }
        }
    }

    private Directory ascend(Directory current) throws ErrnoException {
        levels.pop();
        try {
            Level above = levels.element();
            Directory parent = above.directory;
            if (parent == null) {
                parent = parentOf(current, above.stat);
                above.directory = parent;
            }
            return parent;
        } finally {
            current.close();
        }
    }

    private static Directory parentOf(Directory current, FileStat expected) throws ErrnoException {
        Directory parent = new Directory(new Fd(
                FileCalls.open(current.fd().number(), "..", Flags.O_PATH | Flags.O_DIRECTORY | Flags.O_NOFOLLOW, 0)));
        FileStat stat = parent.fd().stat();
        if (stat.inode() != expected.inode() || stat.device() != expected.device()) {
            parent.close();
            throw new ErrnoException("walk: a directory was moved meanwhile", ESTALE);
        }
        return parent;
    }

    private void close(Directory top) throws ErrnoException {
        for (Level level : levels) {
            Directory open = level.directory;
            if (open != null && open != top) {
                open.close();
            }
        }
    }

    private static final class Level {
        private final FileStat stat;
        private final Iterator<String> rest;
        private @Nullable Directory directory;

        Level(FileStat stat, Directory directory, Iterator<String> rest) {
            this.stat = stat;
            this.directory = directory;
            this.rest = rest;
        }
    }
}
