package dev.forno.build.copies;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Root;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.patterns.PathPattern;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Finds the sources that a COPY or ADD names in a context, stage or image. */
public final class SourceFinder {
    private final Root root;
    private final boolean context;
    private final boolean archives;

    /**
     * A finder in one tree.
     *
     * @param context whether it is the build context, for error texts
     * @param archives whether archives among the sources are extracted
     */
    public SourceFinder(Root root, boolean context, boolean archives) {
        this.root = root;
        this.context = context;
        this.archives = archives;
    }

    /**
     * The sources of that path or pattern, ordered by path; none when a pattern matches nothing. Throws
     * {@link ErrorKind#NOT_FOUND} for a path that is not there.
     */
    public List<CopySource> find(String written) throws IOException {
        List<String> names = new ArrayList<>();
        for (String name : written.split("/")) {
            if (name.equals("..")) {
                if (names.isEmpty() && context) {
                    throw new FornoException(
                            ErrorKind.INVALID_ARGUMENT, "forbidden path outside the build context: " + written + " ()");
                }
                if (!names.isEmpty()) {
                    names.removeLast();
                }
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        if (!PathPattern.hasWildcards(written)) {
            String path = String.join("/", names).replaceAll("\\\\(.)", "$1");
            return List.of(source(path, written));
        }
        List<CopySource> found = new ArrayList<>();
        for (String path : matches(names)) {
            found.add(source(path, path));
        }
        return found;
    }

    private List<String> matches(List<String> names) throws IOException {
        List<String> paths = List.of("");
        for (String name : names) {
            PathPattern pattern = PathPattern.of(name);
            List<String> next = new ArrayList<>();
            for (String path : paths) {
                for (String child : children(path)) {
                    if (pattern.matches(child)) {
                        next.add(path.isEmpty() ? child : path + "/" + child);
                    }
                }
            }
            paths = next;
        }
        return paths.stream().sorted().toList();
    }

    private List<String> children(String path) throws IOException {
        try {
            return root.list(path);
        } catch (ErrnoException e) {
            if (e.errno() == ErrnoException.ENOTDIR || e.errno() == ErrnoException.ENOENT) {
                return List.of();
            }
            throw e;
        }
    }

    private CopySource source(String path, String shown) throws IOException {
        String name = path.substring(path.lastIndexOf('/') + 1);
        try {
            FileStat stat = root.statFollowing(path);
            if (stat.isDirectory()) {
                return new CopySource.Tree(root, path, name);
            }
            return new CopySource.File(root, path, name, archives);
        } catch (ErrnoException e) {
            if (e.errno() != ErrnoException.ENOENT && e.errno() != ErrnoException.ENOTDIR) {
                throw e;
            }
            String reason = "stat " + shown + ": file does not exist";
            throw new FornoException(
                    ErrorKind.NOT_FOUND,
                    context ? "file not found in build context or excluded by .dockerignore: " + reason : reason);
        }
    }
}
