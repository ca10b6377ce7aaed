package dev.forno.store.indexes;

import dev.forno.linux.files.FileNames;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Root;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/** An extracted layer as {@link LayerTreeDifferenceTest} describes trees, with overlay's marks read as such. */
final class ExtractedFacts {
    private final Root root;

    /** Directories that no entry described have their time from the extraction. */
    private final Instant start;

    private final List<String> lines = new ArrayList<>();

    private ExtractedFacts(Root root, Instant start) {
        this.root = root;
        this.start = start;
    }

    static List<String> of(Root root, Instant start) throws Exception {
        ExtractedFacts facts = new ExtractedFacts(root, start);
        facts.visit("");
        return facts.lines;
    }

    private void visit(String directory) throws Exception {
        List<String> names = root.list(directory).stream()
                .sorted((a, b) -> java.util.Arrays.compareUnsigned(FileNames.encode(a), FileNames.encode(b)))
                .toList();
        for (String name : names) {
            String path = directory.isEmpty() ? name : directory + "/" + name;
            FileStat stat = root.stat(path);
            lines.add(line(path, stat));
            if (stat.isDirectory()) {
                visit(path);
            }
        }
    }

    private String line(String path, FileStat s) throws Exception {
        boolean device = s.major() != 0 || s.minor() != 0;
        if (s.type() == dev.forno.linux.files.FileType.CHARACTER_DEVICE && !device) {
            return path + " whiteout";
        }
        TreeMap<String, String> xattrs = new TreeMap<>();
        for (String name : root.xattrs(path)) {
            xattrs.put(name, HexFormat.of().formatHex(root.xattr(path, name).orElseThrow()));
        }
        String opaque = xattrs.remove("trusted.overlay.opaque");
        if (s.isDirectory() && !s.modified().isBefore(start)) {
            return path + " implied" + (opaque != null ? " opaque" : ""); // its attributes are accidents
        }
        byte[] content = s.isFile() ? root.readAll(path, 1 << 20) : new byte[0];
        return path + " " + s.type() + " " + Integer.toOctalString(s.mode()) + " "
                + Integer.toUnsignedString(s.uid()) + ":" + Integer.toUnsignedString(s.gid()) + " "
                + s.modified() + " " + s.major() + "," + s.minor() + " "
                + (s.isSymlink() ? root.readlink(path) : "") + " " + xattrs
                + (opaque != null && s.isDirectory() ? " opaque" : "") + " "
                + HexFormat.of().formatHex(content).hashCode()
                + (s.isDirectory() ? "" : " " + (s.isFile() ? s.size() : 0));
    }
}
