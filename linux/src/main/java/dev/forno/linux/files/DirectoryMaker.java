package dev.forno.linux.files;

import dev.forno.linux.ErrnoException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Goes to directories part by part, as the kernel resolves paths inside a {@link Root}, and makes what is missing on the way,
 * also where a link leads to nothing yet. No link is ever followed by the kernel, so whoever changes the tree meanwhile can't
 * lead it out. For one thread.
 */
public final class DirectoryMaker {
    private static final int MAX_DEPTH = 2048;
    private static final int MAX_LINKS = 40;
    private static final int MAX_RACES = 64;

    /** Characters of the paths that are made at once: more than without links any path takes, much less than with them. */
    private static final int MAX_MADE = 1 << 24;

    private final Root root;
    private final int mode;
    private final Obstacle obstacle;

    /** Deals with what is in the way of a directory and is no link either. */
    public interface Obstacle {
        /** Puts a directory in the place of {@code name}; false to leave it as it is, which is ENOTDIR. */
        boolean replace(Directory parent, String name) throws ErrnoException;
    }

    /**
     * Where a path leads.
     *
     * @param directory open, the caller's
     * @param path the path without links, from the root, without a leading slash
     * @param made the directories that were made, in the same form, outermost first
     */
    public record Made(Directory directory, String path, List<String> made) {}

    /** Makes directories of exactly this mode. */
    public DirectoryMaker(Root root, int mode, Obstacle obstacle) {
        this.root = root;
        this.mode = mode;
        this.obstacle = obstacle;
    }

    /**
     * Opens a directory, made with those above it when it isn't there.
     *
     * @throws ErrnoException ELOOP for too many links, ENOTDIR when something else is in the way, ENAMETOOLONG when what is to
     *     be made would be nested too deeply or by far too long
     */
    public Made make(String path) throws ErrnoException {
        Walk walk = new Walk(path);
        try {
            walk.toTheEnd();
            return new Made(walk.current, walk.path(), List.copyOf(walk.made));
        } catch (ErrnoException | RuntimeException e) {
            walk.current.close();
            throw e;
        }
    }

    private final class Walk {
        private final String asked;
        private final Deque<String> parts;
        private final List<String> real = new ArrayList<>();
        private final List<String> made = new ArrayList<>();
        private Directory current;
        private int links;
        private long madeLength;

        Walk(String path) throws ErrnoException {
            asked = path;
            parts = new ArrayDeque<>(Arrays.asList(path.split("/")));
            current = root.directory("");
        }

        String path() {
            return String.join("/", real);
        }

        void toTheEnd() throws ErrnoException {
            while (!parts.isEmpty()) {
                String part = parts.pop();
                if (part.equals("..") && !real.isEmpty()) {
                    real.removeLast();
                    go(root.plainDirectory(path()));
                } else if (!part.isEmpty() && !part.equals(".") && !part.equals("..")) {
                    step(part);
                }
            }
        }

        private void go(Directory next) throws ErrnoException {
            current.close();
            current = next;
        }

        private void step(String part) throws ErrnoException {
            for (int i = 0; i < MAX_RACES; i++) { // others may make, remove and replace it meanwhile
                try {
                    go(current.directory(part));
                    real.add(part);
                    return;
                } catch (ErrnoException e) {
                    switch (e.errno()) {
                        case ErrnoException.ENOENT -> make(part);
                        case ErrnoException.ENOTDIR, ErrnoException.ELOOP -> {
                            if (!isDirectoryNow(part)) {
                                return;
                            }
                        }
                        default -> throw e;
                    }
                }
            }
            throw failure("\"" + part + "\" on the way changes all the time", ErrnoException.EBUSY);
        }

        private void make(String part) throws ErrnoException {
            if (real.size() >= MAX_DEPTH) {
                throw failure("nested more than " + MAX_DEPTH + " directories deep", ErrnoException.ENAMETOOLONG);
            }
            try {
                current.mkdir(part, mode);
                current.chmod(part, mode);
                noteMade(part);
            } catch (ErrnoException e) {
                if (e.errno() != ErrnoException.EEXIST) {
                    throw e;
                }
            }
        }

        private void noteMade(String part) throws ErrnoException {
            String path = real.isEmpty() ? part : path() + "/" + part;
            madeLength += path.length();
            if (madeLength > MAX_MADE) {
                throw failure("links make it by far too long", ErrnoException.ENAMETOOLONG);
            }
            made.add(path);
        }

        /** Deals with what is no directory: false when it was a link, whose parts come next. */
        private boolean isDirectoryNow(String part) throws ErrnoException {
            String target;
            try {
                target = current.readlink(part);
            } catch (ErrnoException e) {
                if (e.errno() == ErrnoException.ENOENT) {
                    return true; // removed meanwhile
                }
                if (e.errno() != ErrnoException.EINVAL) {
                    throw e;
                }
                if (!obstacle.replace(current, part)) {
                    throw failure("\"" + part + "\" on the way is not a directory", ErrnoException.ENOTDIR);
                }
                noteMade(part);
                return true;
            }
            if (++links > MAX_LINKS) {
                throw failure("too many links on the way", ErrnoException.ELOOP);
            }
            if (target.startsWith("/")) {
                real.clear();
                go(root.directory(""));
            }
            for (String next : Arrays.asList(target.split("/")).reversed()) {
                parts.push(next);
            }
            return false;
        }

        private ErrnoException failure(String reason, int errno) {
            String shown = asked.length() > 300 ? asked.substring(0, 300) + "…" : asked;
            return new ErrnoException("go to \"" + shown + "\": " + reason, errno);
        }
    }
}
