package dev.forno.store.snapshots;

import dev.forno.linux.files.Directory;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Root;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.archives.WhiteoutNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the changes from the upper directory of an overlay: what {@code docker diff} lists. */
final class OverlayChanges {
    /** As many levels as an archive may have. */
    private static final int MAX_DEPTH = 1024;

    private final Path upper;
    private final List<Path> lowers;
    private final TreeMap<String, Change.Kind> changes = new TreeMap<>(OverlayChanges::comparePaths);

    /**
     * Compares an upper directory with what is below.
     *
     * @param lowers uppermost first
     */
    OverlayChanges(Path upper, List<Path> lowers) {
        this.upper = upper;
        this.lowers = lowers;
    }

    List<Change> list() throws IOException {
        List<Root> below = new ArrayList<>();
        try (Root top = Root.open(upper)) {
            for (Path lower : lowers) {
                below.add(Root.open(lower));
            }
            walk(top.top(), "", below, 0);
        } finally {
            for (Root root : below) {
                root.close();
            }
        }
        return changes.entrySet().stream()
                .map(e -> new Change(e.getValue(), e.getKey()))
                .toList();
    }

    /** Children right after their directory, siblings by name. */
    private static int comparePaths(String a, String b) {
        return a.replace('/', '\0').compareTo(b.replace('/', '\0'));
    }

    private void walk(Directory directory, String prefix, List<Root> below, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new FornoException(
                    ErrorKind.FAILED_PRECONDITION,
                    "list changes: \"" + prefix.substring(0, 100) + "…\" is nested more than " + MAX_DEPTH
                            + " directories deep");
        }
        for (String name : directory.list()) {
            Optional<FileStat> stat = directory.find(name);
            if (stat.isPresent()) {
                visit(directory, name, prefix + "/" + name, stat.get(), below, depth);
            }
        }
    }

    private void visit(Directory parent, String name, String path, FileStat stat, List<Root> below, int depth)
            throws IOException {
        if (WhiteoutNames.isDevice(stat)) {
            record(path, Change.Kind.DELETED);
            return;
        }
        boolean opaque = stat.isDirectory() && WhiteoutNames.isOpaque(parent, name);
        Optional<FileStat> lower = lower(path, below);
        if (lower.isEmpty()) {
            record(path, Change.Kind.ADDED);
        } else if (!(stat.isDirectory() && sameDirectory(stat, lower.get()))) {
            record(path, Change.Kind.MODIFIED);
        }
        if (!stat.isDirectory()) {
            return;
        }
        try (Directory directory = parent.directory(name)) {
            if (opaque) {
                recordHidden(directory, path, below);
            }
            walk(directory, path, opaque ? List.of() : below, depth + 1);
        }
    }

    /** What is in the directory below and isn't in the opaque one above has been deleted. */
    private void recordHidden(Directory directory, String path, List<Root> below) throws IOException {
        List<String> kept = directory.list();
        for (String name : namesBelow(path, below)) {
            if (!kept.contains(name)) {
                record(path + "/" + name, Change.Kind.DELETED);
            }
        }
    }

    private List<String> namesBelow(String path, List<Root> below) throws IOException {
        List<String> names = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        for (Root root : below) {
            Optional<FileStat> stat = root.find(path);
            if (stat.isEmpty()) {
                continue;
            }
            if (!stat.get().isDirectory()) {
                break;
            }
            for (String name : root.list(path)) {
                if (WhiteoutNames.isDevice(root.stat(path + "/" + name))) {
                    gone.add(name);
                } else if (!names.contains(name) && !gone.contains(name)) {
                    names.add(name);
                }
            }
            if (WhiteoutNames.isOpaque(root, path)) {
                break;
            }
        }
        return names;
    }

    /** The file of this path in the merged lower directories. */
    private static Optional<FileStat> lower(String path, List<Root> below) throws IOException {
        for (Root root : below) {
            Optional<FileStat> stat = root.find(path);
            if (stat.isPresent()) {
                return stat.filter(s -> !WhiteoutNames.isDevice(s));
            }
            if (hidesBelow(root, path)) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Whether this lower directory hides the path of those below it: by an opaque or missing parent. */
    private static boolean hidesBelow(Root root, String path) throws IOException {
        for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
            String parent = path.substring(0, slash);
            Optional<FileStat> stat = root.find(parent);
            if (stat.isPresent()) {
                if (!stat.get().isDirectory() || WhiteoutNames.isOpaque(root, parent)) {
                    return true;
                }
            }
        }
        return false;
    }

    private void record(String path, Change.Kind kind) {
        changes.put(path, kind);
        if (kind != Change.Kind.MODIFIED) {
            int slash = path.lastIndexOf('/');
            if (slash > 0) {
                changes.putIfAbsent(path.substring(0, slash), Change.Kind.MODIFIED);
            }
        }
    }

    /** A directory copied up only for the sake of something in it. */
    private static boolean sameDirectory(FileStat a, FileStat b) {
        return b.isDirectory()
                && a.mode() == b.mode()
                && a.uid() == b.uid()
                && a.gid() == b.gid()
                && a.modified().equals(b.modified());
    }
}
