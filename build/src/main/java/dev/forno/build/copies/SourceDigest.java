package dev.forno.build.copies;

import dev.forno.linux.files.Directory;
import dev.forno.linux.files.Fd;
import dev.forno.linux.files.FileNames;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Flags;
import dev.forno.linux.files.Root;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.patterns.IgnorePatterns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Digests of sources for the build cache: names, types, modes, content, link targets, attributes, and owners where they are
 * kept; never times. For one thread.
 */
public final class SourceDigest {
    private final boolean owners;
    private final IgnorePatterns excludes;
    private final MessageDigest hash = Digest.newSha256();
    private final byte[] buffer = new byte[1 << 16];

    private SourceDigest(boolean owners, IgnorePatterns excludes) {
        this.owners = owners;
        this.excludes = excludes;
    }

    /**
     * The digest of one source, with a word for its kind in front as Docker's history has it: {@code file:…} or
     * {@code dir:…}.
     */
    public static String of(CopySource source, boolean owners, IgnorePatterns excludes) throws IOException {
        SourceDigest digest = new SourceDigest(owners, excludes);
        String kind = digest.add(source);
        return kind + ":" + Digest.of(digest.hash.digest(), Digest.SHA256).hex();
    }

    private String add(CopySource source) throws IOException {
        switch (source) {
            case CopySource.Inline inline -> {
                field("inline", inline.name());
                hash.update(inline.content());
                return "file";
            }
            case CopySource.File file -> {
                field("name", file.name());
                try (Fd fd = file.root().open(file.path(), Flags.O_RDONLY | Flags.O_NONBLOCK, 0)) {
                    header("", fd.stat());
                    content(fd);
                }
                return "file";
            }
            case CopySource.Tree tree -> {
                try (Root top = tree.root().root(tree.path())) {
                    header("", top.top().fd().stat());
                    directory(top.top(), "", 0);
                }
                return "dir";
            }
        }
    }

    private void directory(Directory directory, String path, int depth) throws IOException {
        TreeCopy.requireBounded(path, depth);
        List<String> names = new ArrayList<>(directory.list());
        Collections.sort(names);
        for (String name : names) {
            if (Thread.interrupted()) {
                throw new FornoException(ErrorKind.CANCELLED, "digest files: cancelled");
            }
            String child = path.isEmpty() ? name : path + "/" + name;
            if (excludes.excludes(child)) {
                continue;
            }
            FileStat stat = directory.stat(name);
            header(child, stat);
            xattrs(directory, name, stat);
            switch (stat.type()) {
                case DIRECTORY -> {
                    try (Directory below = directory.directory(name)) {
                        directory(below, child, depth + 1);
                    }
                }
                case FILE -> {
                    try (Fd fd = directory.open(name, Flags.O_RDONLY | Flags.O_NONBLOCK, 0)) {
                        content(fd);
                    }
                }
                case SYMLINK -> field("link", directory.readlink(name));
                case CHARACTER_DEVICE, BLOCK_DEVICE -> field("device", stat.major() + ":" + stat.minor());
                case FIFO, SOCKET -> {}
            }
        }
    }

    private void header(String path, FileStat stat) {
        field("path", path);
        field("type", stat.type().name());
        field("mode", stat.isSymlink() ? "" : Integer.toOctalString(stat.mode()));
        field("owner", owners ? stat.uid() + ":" + stat.gid() : "");
        field("size", stat.isFile() ? Long.toString(stat.size()) : "");
    }

    private void xattrs(Directory directory, String name, FileStat stat) throws IOException {
        if (stat.isSymlink()) {
            return;
        }
        for (String attribute : TreeCopy.copied(directory.xattrs(name))) {
            field("xattr", attribute);
            byte[] value = directory.xattr(name, attribute).orElse(new byte[0]);
            field("value", Arrays.toString(value));
        }
    }

    private void content(Fd fd) throws IOException {
        for (int n = fd.read(buffer, 0, buffer.length); n >= 0; n = fd.read(buffer, 0, buffer.length)) {
            hash.update(buffer, 0, n);
        }
    }

    /** Adds a named value so that no two different sequences of values read the same. */
    private void field(String name, String value) {
        byte[] bytes = FileNames.encode(value);
        hash.update((name + " " + bytes.length + "\n").getBytes(StandardCharsets.UTF_8));
        hash.update(bytes);
    }
}
