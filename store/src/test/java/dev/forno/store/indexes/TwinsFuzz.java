package dev.forno.store.indexes;

import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.FileType;
import dev.forno.linux.files.Root;
import dev.forno.oci.FornoException;
import dev.forno.store.archives.ExtractOptions;
import dev.forno.store.archives.Extractor;
import dev.forno.store.archives.TarReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * The two snapshotters see the same in every layer: what the extractor unpacks into a directory is what the layer's tree says,
 * and what one refuses the other refuses. Needs root; on a file system that keeps what it is told, as tmpfs does.
 */
public final class TwinsFuzz {
    private static final Path WORK = work();

    private TwinsFuzz() {}

    private static Path work() {
        try {
            Path work = Files.createTempDirectory("forno-twins");
            Files.writeString(work.resolve("canary"), "safe");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(work)));
            return work;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The input is a {@link LayerScript}; its layers are looked at one by one. */
    public static void fuzzerTestOneInput(byte[] input) {
        for (byte[] tar : LayerScript.layers(input)) {
            try {
                compare(tar);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void compare(byte[] tar) throws IOException {
        Path tree = Files.createDirectory(WORK.resolve("tree"));
        Map<String, String> unpacked = new TreeMap<>();
        String refusedUnpacking = "";
        try (Root root = Root.open(tree)) {
            try (Extractor extractor = new Extractor(root, ExtractOptions.layer())) {
                extractor.extract(new TarReader(new ByteArrayInputStream(tar)));
                extractor.impliedDirectories().forEach(path -> unpacked.put(path, "implied"));
                list(root, "", unpacked);
            } catch (FornoException e) {
                refusedUnpacking = e.getMessage();
            }
        } finally {
            remove(tree);
        }
        IndexFuzz.check("safe".equals(Files.readString(WORK.resolve("canary"))), "the canary was touched");
        try (var files = Files.list(WORK)) {
            IndexFuzz.check(files.count() == 1, "something was made outside");
        }
        Map<String, String> indexed = new TreeMap<>();
        String refusedIndexing = "";
        try {
            TreeScan.scan(new ByteArrayInputStream(tar), WORK.resolve("extra")).forEach(entry -> put(entry, indexed));
        } catch (FornoException e) {
            refusedIndexing = e.getMessage();
        }
        IndexFuzz.check(
                refusedUnpacking.isEmpty() == refusedIndexing.isEmpty(),
                "unpacked: " + refusedUnpacking + "; indexed: " + refusedIndexing);
        if (refusedUnpacking.isEmpty()) {
            IndexFuzz.check(unpacked.equals(indexed), "unpacked: " + unpacked + "\nindexed:  " + indexed);
        }
    }

    private static void put(LayerEntry entry, Map<String, String> indexed) {
        if (entry.path().isEmpty()) {
            return; // the root's attributes are kept apart
        }
        boolean attributes = !entry.implied() && entry.kind() != EntryKind.WHITEOUT;
        indexed.put(
                entry.path(),
                kind(entry)
                        + (entry.opaque() ? " opaque" : "")
                        + (attributes
                                ? text(
                                        entry.mode(),
                                        entry.uid(),
                                        entry.gid(),
                                        entry.modified(),
                                        entry.kind() == EntryKind.SYMLINK)
                                : "")
                        + (entry.kind() == EntryKind.FILE ? " " + entry.size() : "")
                        + (entry.kind() == EntryKind.SYMLINK ? " " + entry.target() : ""));
    }

    private static String kind(LayerEntry entry) {
        return switch (entry.kind()) {
            case WHITEOUT -> "CHARACTER_DEVICE 0:0";
            case CHARACTER_DEVICE, BLOCK_DEVICE -> entry.kind() + " " + entry.major() + ":" + entry.minor();
            case FILE, DIRECTORY, SYMLINK, FIFO -> entry.kind().name();
        };
    }

    private static String text(int mode, int uid, int gid, Instant modified, boolean link) {
        return " " + (link ? "" : Integer.toOctalString(mode)) + " " + uid + ":" + gid + " " + modified;
    }

    private static void list(Root root, String directory, Map<String, String> found) throws IOException {
        for (String name : root.list(directory)) {
            String path = directory.isEmpty() ? name : directory + "/" + name;
            FileStat stat = root.stat(path);
            boolean device = stat.type() == FileType.CHARACTER_DEVICE || stat.type() == FileType.BLOCK_DEVICE;
            boolean whiteout = stat.type() == FileType.CHARACTER_DEVICE && stat.major() == 0 && stat.minor() == 0;
            boolean implied = stat.isDirectory() && "implied".equals(found.get(path));
            boolean opaque = stat.isDirectory()
                    && root.xattr(path, "trusted.overlay.opaque").isPresent();
            found.put(
                    path,
                    stat.type()
                            + (device ? " " + stat.major() + ":" + stat.minor() : "")
                            + (opaque ? " opaque" : "")
                            + (implied || whiteout
                                    ? ""
                                    : text(stat.mode(), stat.uid(), stat.gid(), stat.modified(), stat.isSymlink()))
                            + (stat.isFile() ? " " + stat.size() : "")
                            + (stat.isSymlink() ? " " + root.readlink(path) : ""));
            if (stat.isDirectory()) {
                list(root, path, found);
            }
        }
    }

    private static void remove(Path tree) {
        try {
            if (Files.exists(tree)) {
                try (Root root = Root.open(java.util.Objects.requireNonNull(tree.getParent()))) {
                    root.removeAll(tree.getFileName().toString());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
