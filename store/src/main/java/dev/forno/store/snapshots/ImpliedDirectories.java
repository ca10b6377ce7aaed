package dev.forno.store.snapshots;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.FileNames;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Root;
import dev.forno.store.archives.WhiteoutNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Some tools write layers with {@code tmp/file} but without {@code tmp/}. Unpacked, such a layer has a directory whose
 * attributes are made up, and which would hide the real ones of a layer below. A snapshot over such layers therefore gets
 * a further lower directory on top, which only has these directories, with the attributes of the uppermost layer that
 * describes them.
 */
final class ImpliedDirectories {
    private static final int PATH_MAX = 4096;

    private ImpliedDirectories() {}

    /**
     * One of the lower directories.
     *
     * @param implied the directories in it whose attributes are made up
     */
    record Part(Path tree, List<String> implied) {}

    /** Makes the directories in {@code base} that the parts, lowest first, imply. */
    static void create(Path base, List<Part> parts) throws IOException {
        Set<String> implied = new TreeSet<>(); // a directory sorts before what is in it
        parts.forEach(part ->
                part.implied().stream().filter(ImpliedDirectories::isNamed).forEach(implied::add));
        if (implied.isEmpty()) {
            return;
        }
        try (Root target = Root.open(base)) {
            for (String path : implied) {
                Optional<FileStat> real = find(path, parts);
                if (real.isPresent()) {
                    copy(target, path, real.get());
                }
            }
        }
    }

    private static Optional<FileStat> find(String path, List<Part> parts) throws IOException {
        for (Part part : parts.reversed()) {
            boolean madeUp = part.implied().contains(path);
            try (Root tree = Root.open(part.tree())) {
                if (!leadsThroughDirectories(tree, path)) {
                    return Optional.empty(); // what is below has nothing to do with this path
                }
                Optional<FileStat> stat = tree.find(path);
                if (stat.isPresent() && !(madeUp && stat.get().isDirectory())) {
                    return stat.filter(FileStat::isDirectory); // a file or a whiteout ends the search
                }
                if (isInOpaque(tree, path)) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    /** What links made lie deeper than any path reaches keeps the attributes that were made up. */
    private static boolean isNamed(String path) {
        return FileNames.encode(path).length < PATH_MAX;
    }

    /** Whether what is above the path is a directory, as far as it is there; a link is none. */
    private static boolean leadsThroughDirectories(Root tree, String path) throws IOException {
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            Optional<FileStat> stat = tree.find(path.substring(0, slash));
            if (stat.isEmpty()) {
                return true;
            }
            if (!stat.get().isDirectory()) {
                return false;
            }
        }
        return true;
    }

    /** Whether a directory above the path hides what is below. */
    private static boolean isInOpaque(Root tree, String path) throws IOException {
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            String above = path.substring(0, slash);
            if (tree.find(above).isPresent() && WhiteoutNames.isOpaque(tree, above)) {
                return true;
            }
        }
        return false;
    }

    private static void copy(Root target, String path, FileStat real) throws IOException {
        try {
            target.mkdir(path, 0755);
            target.chown(path, real.uid(), real.gid());
            target.chmod(path, real.mode());
            target.setTimes(path, real.modified(), real.modified());
        } catch (ErrnoException e) {
            // A parent has no real attributes: then it isn't here, and neither can be what is in it.
            if (e.errno() != ErrnoException.ENOENT) {
                throw e;
            }
        }
    }
}
