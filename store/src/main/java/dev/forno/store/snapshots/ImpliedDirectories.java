package dev.forno.store.snapshots;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.FileNames;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Root;
import dev.forno.store.archives.WhiteoutNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Some tools write layers with {@code tmp/file} but without {@code tmp/}. Unpacked, such a layer has a directory whose
 * attributes are made up, and which would hide the real ones of a layer below. A snapshot over such layers therefore gets
 * a further lower directory on top, which only has these directories and those above them, with the attributes of the
 * uppermost layer that describes them.
 */
final class ImpliedDirectories implements AutoCloseable {
    private static final int PATH_MAX = 4096;

    /** Uppermost first. */
    private final List<Tree> trees = new ArrayList<>();

    private ImpliedDirectories(List<Part> parts) throws IOException {
        try {
            for (Part part : parts.reversed()) {
                trees.add(new Tree(Root.open(part.tree()), Set.copyOf(part.implied())));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /**
     * One of the lower directories.
     *
     * @param implied the directories in it whose attributes are made up
     */
    record Part(Path tree, Collection<String> implied) {}

    private record Tree(Root root, Set<String> implied) {}

    /** A directory and the tree from which its attributes come. */
    private record Found(Root tree, FileStat stat) {}

    /** Makes the directories in {@code base} that the parts, lowest first, imply. */
    static void create(Path base, List<Part> parts) throws IOException {
        Set<String> implied = new TreeSet<>();
        parts.forEach(part ->
                part.implied().stream().filter(ImpliedDirectories::isNamed).forEach(implied::add));
        if (implied.isEmpty()) {
            return;
        }
        try (ImpliedDirectories directories = new ImpliedDirectories(parts);
                Root target = Root.open(base)) {
            NavigableMap<String, Found> found = directories.find(implied); // a directory sorts before what is in it
            for (Map.Entry<String, Found> directory : found.entrySet()) {
                make(directory.getKey(), directory.getValue().stat(), target);
            }
            // Only now, lowest first: a directory takes on the default access list of the one that it is made in.
            for (Map.Entry<String, Found> directory : found.descendingMap().entrySet()) {
                FileStat real = directory.getValue().stat();
                copyAttributes(directory.getKey(), directory.getValue().tree(), target);
                target.setTimes(directory.getKey(), real.modified(), real.modified());
            }
        }
    }

    /** What links made lie deeper than any path reaches keeps the attributes that were made up. */
    private static boolean isNamed(String path) {
        return FileNames.encode(path).length < PATH_MAX;
    }

    /** Those of the paths that some layer describes, with all above them. */
    private NavigableMap<String, Found> find(Set<String> paths) throws IOException {
        NavigableMap<String, Found> found = new TreeMap<>();
        for (String path : paths) {
            Optional<Found> real = find(path, false);
            if (real.isPresent()) {
                found.put(path, real.get());
                for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
                    String above = path.substring(0, slash);
                    if (found.containsKey(above)) {
                        break; // and all above that
                    }
                    Optional<Found> described = find(above, false);
                    found.put(
                            above,
                            described.isPresent()
                                    ? described.get()
                                    : find(above, true).orElseThrow());
                }
            }
        }
        return found;
    }

    /**
     * The directory that is seen at the path, as the uppermost tree has it.
     *
     * @param madeUp whether a tree counts in which its attributes are made up
     */
    private Optional<Found> find(String path, boolean madeUp) throws IOException {
        for (Tree tree : trees) {
            if (!leadsThroughDirectories(tree.root(), path)) {
                return Optional.empty(); // what is below has nothing to do with this path
            }
            Optional<FileStat> stat = tree.root().find(path);
            if (stat.isPresent()
                    && (madeUp || !stat.get().isDirectory() || !tree.implied().contains(path))) {
                // a file or a whiteout ends the search
                return stat.filter(FileStat::isDirectory).map(directory -> new Found(tree.root(), directory));
            }
            if (isInOpaque(tree.root(), path)) {
                return Optional.empty();
            }
        }
        return Optional.empty();
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

    private static void make(String path, FileStat real, Root target) throws IOException {
        target.mkdir(path, 0755);
        target.chown(path, real.uid(), real.gid());
        target.chmod(path, real.mode());
    }

    private static void copyAttributes(String path, Root from, Root target) throws IOException {
        for (String attribute : from.xattrs(path)) {
            if (!WhiteoutNames.isOverlayAttribute(attribute)) { // it says how that tree lies over others
                copyAttribute(path, attribute, from, target);
            }
        }
    }

    private static void copyAttribute(String path, String attribute, Root from, Root target) throws IOException {
        Optional<byte[]> value = from.xattr(path, attribute);
        try {
            if (value.isPresent()) {
                target.setXattr(path, attribute, value.get());
            }
        } catch (ErrnoException e) {
            // A file system without such attributes, as when the layers were unpacked.
            if (e.errno() != ErrnoException.EOPNOTSUPP && e.errno() != ErrnoException.EPERM) {
                throw e;
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (Tree tree : trees) {
            tree.root().close();
        }
    }
}
