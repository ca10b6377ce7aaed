package dev.forno.cli.archives;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts a file tree into an archive, names in order, links as links, hard links once. Sockets are left out: an archive
 * cannot hold them.
 */
public final class Tree {
    private static final int TYPE_MASK = 0170000;
    private static final int SOCKET = 0140000;
    private static final int FIFO = 0010000;
    private static final int CHARACTER_DEVICE = 0020000;
    private static final int BLOCK_DEVICE = 0060000;

    private final TarWriter archive;
    private final Owners owners;
    private final Map<Object, String> seen = new HashMap<>();

    /** Whose files the entries are. */
    public enum Owners {
        /** As on this machine. */
        KEPT,
        /** All root's, for build contexts. */
        ROOT
    }

    /** Which paths of a tree are taken. */
    public interface Selection {
        /** Everything. */
        Selection ALL = new Selection() {
            @Override
            public boolean takes(String path) {
                return true;
            }

            @Override
            public boolean enters(String directory) {
                return true;
            }
        };

        /** Whether the path, relative to the tree, is taken. */
        boolean takes(String path);

        /** Whether something below a directory may be taken. */
        boolean enters(String directory);
    }

    /** Adds to an archive. */
    public Tree(TarWriter archive, Owners owners) {
        this.archive = archive;
        this.owners = owners;
    }

    /** Adds what is in a directory, without the directory itself. */
    public void addContents(Path directory, Selection selection) throws IOException {
        walk(directory, "", selection);
    }

    /** Adds a file or a directory with all that is in it, under a name. */
    public void add(Path path, String name) throws IOException {
        entry(path, name);
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            walk(path, name + "/", Selection.ALL);
        }
    }

    private void walk(Path directory, String prefix, Selection selection) throws IOException {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(children::add);
        }
        children.sort(null);
        for (Path child : children) {
            String name = prefix + child.getFileName();
            boolean taken = selection.takes(name);
            boolean isDirectory = Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS);
            if (taken) {
                entry(child, name);
            }
            if (isDirectory && (taken || selection.enters(name))) {
                walk(child, name + "/", selection);
            }
        }
    }

    private void entry(Path path, String name) throws IOException {
        Map<String, Object> stat = Files.readAttributes(
                path,
                "unix:mode,uid,gid,size,nlink,fileKey,lastModifiedTime,isDirectory,isSymbolicLink",
                LinkOption.NOFOLLOW_LINKS);
        int mode = (Integer) value(stat, "mode");
        int kind = mode & TYPE_MASK;
        if (kind == SOCKET) {
            return;
        }
        if (kind == CHARACTER_DEVICE || kind == BLOCK_DEVICE) {
            throw new IOException("archive " + path + ": devices are not copied");
        }
        TarEntry.Type type = TarEntry.Type.FILE;
        String link = "";
        long size = 0;
        if (Boolean.TRUE.equals(stat.get("isDirectory"))) {
            type = TarEntry.Type.DIRECTORY;
        } else if (Boolean.TRUE.equals(stat.get("isSymbolicLink"))) {
            type = TarEntry.Type.SYMLINK;
            link = Files.readSymbolicLink(path).toString();
        } else if (kind == FIFO) {
            type = TarEntry.Type.FIFO;
        } else {
            String first = (Integer) value(stat, "nlink") > 1 ? seen.putIfAbsent(value(stat, "fileKey"), name) : null;
            if (first != null) {
                type = TarEntry.Type.HARD_LINK;
                link = first;
            } else {
                size = (Long) value(stat, "size");
            }
        }
        boolean kept = owners == Owners.KEPT;
        TarEntry entry = new TarEntry(
                name,
                type,
                mode & 07777,
                kept ? (Integer) value(stat, "uid") : 0,
                kept ? (Integer) value(stat, "gid") : 0,
                size,
                ((FileTime) value(stat, "lastModifiedTime")).toInstant(),
                link);
        try (InputStream content = size > 0 ? Files.newInputStream(path) : InputStream.nullInputStream()) {
            archive.add(entry, content);
        }
    }

    private static Object value(Map<String, Object> stat, String name) {
        return java.util.Objects.requireNonNull(stat.get(name));
    }
}
