package dev.forno.store.indexes;

import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Root;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Everything that can be seen of a directory's tree, a line for each name, so that trees can be compared. */
final class TreeFacts {
    private final Root root;
    private final boolean linkCounts;

    /** Directories that are only named. */
    private final Set<String> named;

    private final Map<Long, String> firstNames = new HashMap<>();
    private final List<String> lines = new ArrayList<>();

    private TreeFacts(Root root, boolean linkCounts, Set<String> named) {
        this.root = root;
        this.linkCounts = linkCounts;
        this.named = named;
    }

    /** The tree without the attributes of its top. */
    static List<String> of(Path directory) throws Exception {
        return of(directory, true, Set.of());
    }

    /** The same without the number of links, and of some directories only the names. */
    static List<String> ofMerged(Path directory, Set<String> named) throws Exception {
        return of(directory, false, named);
    }

    private static List<String> of(Path directory, boolean linkCounts, Set<String> named) throws Exception {
        try (Root root = Root.open(directory)) {
            TreeFacts facts = new TreeFacts(root, linkCounts, named);
            facts.visit("");
            return facts.lines;
        }
    }

    private void visit(String directory) throws Exception {
        for (String name : root.list(directory).stream().sorted().toList()) {
            String path = directory.isEmpty() ? name : directory + "/" + name;
            if (root.find(path).isEmpty()) {
                continue; // overlayfs lists a whiteout where nothing is below
            }
            FileStat stat = root.stat(path);
            lines.add(line(path, stat));
            if (stat.isDirectory()) {
                visit(path);
            }
        }
    }

    private String line(String path, FileStat stat) throws Exception {
        if (stat.isDirectory() && named.contains(path)) {
            return path + " " + stat.type();
        }
        StringBuilder line = new StringBuilder(path);
        line.append(" ").append(stat.type()).append(" 0").append(Integer.toOctalString(stat.mode()));
        line.append(" ").append(Integer.toUnsignedString(stat.uid()));
        line.append(":").append(Integer.toUnsignedString(stat.gid()));
        line.append(" ").append(stat.modified());
        if (stat.major() != 0 || stat.minor() != 0) {
            line.append(" device ").append(stat.major()).append(",").append(stat.minor());
        }
        if (!stat.isDirectory()) {
            String first = firstNames.putIfAbsent(stat.inode(), path);
            line.append(first == null ? "" : " = " + first);
            line.append(linkCounts ? " links " + stat.links() : "");
        }
        for (String attribute : root.xattrs(path).stream().sorted().toList()) {
            byte[] value = root.xattr(path, attribute).orElseThrow();
            line.append(" ").append(attribute).append("=").append(HexFormat.of().formatHex(value));
        }
        if (stat.isFile()) {
            line.append(" ").append(stat.size()).append(" ").append(hash(path));
        } else if (stat.isSymlink()) {
            line.append(" -> ").append(root.readlink(path));
        }
        return line.toString();
    }

    private String hash(String path) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-1");
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = root.open(path, 0, 0).input()) {
            for (int n = in.read(buffer, 0, buffer.length); n >= 0; n = in.read(buffer, 0, buffer.length)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), 8));
    }

    /** What is different, a few lines of it, or nothing. */
    static String difference(List<String> expected, List<String> actual) throws IOException {
        List<String> missing = new ArrayList<>(expected);
        List<String> surplus = new ArrayList<>(actual);
        java.util.Set<String> a = new java.util.HashSet<>(actual);
        java.util.Set<String> e = new java.util.HashSet<>(expected);
        missing.removeIf(a::contains);
        surplus.removeIf(e::contains);
        StringBuilder text = new StringBuilder();
        missing.stream().limit(10).forEach(line -> text.append("\n- ").append(line));
        surplus.stream().limit(10).forEach(line -> text.append("\n+ ").append(line));
        return text.toString();
    }
}
