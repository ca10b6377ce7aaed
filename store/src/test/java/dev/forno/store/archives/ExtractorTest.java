package dev.forno.store.archives;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Root;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExtractorTest {
    @TempDir
    Path temporary;

    private Path inside;
    private Root root;

    @BeforeEach
    void open() throws Exception {
        inside = Files.createDirectory(temporary.resolve("inside"));
        Files.writeString(temporary.resolve("outside"), "safe");
        root = Root.open(inside);
    }

    @AfterEach
    void close() throws Exception {
        root.close();
        Files.deleteIfExists(inside.resolve("app/link"));
        assertEquals("safe", Files.readString(temporary.resolve("outside")));
        try (var files = Files.list(temporary)) {
            assertEquals(
                    List.of("inside", "outside"),
                    files.map(p -> p.getFileName().toString())
                            .filter(n -> !n.startsWith("gnu"))
                            .sorted()
                            .toList());
        }
    }

    private void extract(byte[] archive, ExtractOptions options) {
        try (Extractor extractor = new Extractor(root, options)) {
            extractor.extract(new TarReader(new ByteArrayInputStream(archive)));
        }
    }

    private void assertRefused(byte[] archive) {
        FornoException e = assertThrows(FornoException.class, () -> extract(archive, ExtractOptions.plain()));
        assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind(), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside", "a/../../outside", "..", "/../outside", "a/b/../../../outside"})
    void namesThatLeadOutAreRefused(String name) {
        assertRefused(new RawTar().file(name, "evil").end());
        assertRefused(new RawTar().link(name, '2', "x").end());
        assertRefused(new RawTar().file("own", "").link("hard", '1', name).end());
    }

    @Test
    void whatLinksMakeFarTooLongIsRefused() throws Exception {
        String names = ("/" + "n".repeat(79)).repeat(51);
        RawTar tar = new RawTar().link("l0", '2', "n");
        for (int i = 1; i < 39; i++) {
            tar.special('K', ("l" + (i - 1) + names + "\0").getBytes(UTF_8)).link("l" + i, '2', "");
        }
        byte[] archive = tar.file("l38/f", "").end();
        FornoException e = assertThrows(FornoException.class, () -> extract(archive, ExtractOptions.plain()));
        assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind());
        assertTrue(e.getMessage().contains("far too long"), e.getMessage());
        root.removeAll("n");
    }

    @Test
    void absoluteNamesStayInside() throws Exception {
        extract(
                new RawTar()
                        .file("/etc/passwd", "mine")
                        .file("./a/./b//c", "x")
                        .file("d/../e", "y")
                        .end(),
                ExtractOptions.plain());
        assertEquals("mine", Files.readString(inside.resolve("etc/passwd")));
        assertEquals("x", Files.readString(inside.resolve("a/b/c")));
        assertEquals("y", Files.readString(inside.resolve("e")));
    }

    @Test
    void linksDontLeadOut() throws Exception {
        extract(
                new RawTar()
                        .link("absolute", '2', temporary.toString())
                        .link("up", '2', "..")
                        .link("file", '2', temporary.resolve("outside").toString())
                        .end(),
                ExtractOptions.plain());
        extract(new RawTar().file("absolute/outside", "contained").end(), ExtractOptions.plain());
        assertEquals(
                "contained",
                Files.readString(
                        inside.resolve(Path.of("/").relativize(temporary)).resolve("outside")));
        extract(new RawTar().file("up/outside", "inside").end(), ExtractOptions.plain());
        assertEquals("inside", Files.readString(inside.resolve("outside")));
        extract(new RawTar().file("file", "replaced").end(), ExtractOptions.plain());
        assertFalse(Files.isSymbolicLink(inside.resolve("file")));
        assertRefused(new RawTar().link("hard", '1', "absolute/other").end());
        assertRefused(new RawTar().link("loop", '2', "loop").file("loop/f", "").end());
        assertRefused(new RawTar().link("hard", '1', "missing").end());
    }

    @Test
    void hardLinkToLinkLinksTheLink() throws Exception {
        byte[] archive = new RawTar()
                .link("s", '2', temporary.resolve("outside").toString())
                .link("h", '1', "s")
                .file("h", "replaced, not written through")
                .end();
        extract(archive, ExtractOptions.plain());
        assertTrue(Files.isSymbolicLink(inside.resolve("s")));
        assertEquals("replaced, not written through", Files.readString(inside.resolve("h")));
    }

    @Test
    void entriesReplaceWhatIsThere() throws Exception {
        byte[] archive = new RawTar()
                .file("a", "1")
                .entry("a", '5', 0)
                .file("a/b", "2")
                .entry("a", '5', 0)
                .file("c/d", "3")
                .file("c", "4")
                .file("c", "5")
                .end();
        extract(archive, ExtractOptions.plain());
        assertEquals("2", Files.readString(inside.resolve("a/b")));
        assertEquals("5", Files.readString(inside.resolve("c")));
    }

    @Test
    void directoriesCanBeKept() throws Exception {
        Files.createDirectory(inside.resolve("dir"));
        Files.writeString(inside.resolve("file"), "x");
        ExtractOptions keeping = ExtractOptions.plain().keepingDirectories();
        String over = assertThrows(
                        FornoException.class,
                        () -> extract(new RawTar().file("dir", "").end(), keeping))
                .getMessage();
        assertTrue(over.contains("cannot overwrite directory with non-directory"), over);
        String under = assertThrows(
                        FornoException.class,
                        () -> extract(new RawTar().entry("file", '5', 0).end(), keeping))
                .getMessage();
        assertTrue(under.contains("cannot overwrite non-directory with directory"), under);
    }

    @Test
    void intoADirectoryLinksResolveAsFromTheRoot() throws Exception {
        root.mkdirAll("etc", 0755);
        root.mkdirAll("app", 0755);
        root.symlink("/etc", "app/link");
        try (Extractor extractor = new Extractor(root, "/app", ExtractOptions.plain())) {
            byte[] archive = new RawTar()
                    .entry("./", '5', 0)
                    .file("link/hosts", "h")
                    .link("hard", '1', "link/hosts")
                    .end();
            extractor.extract(new TarReader(new ByteArrayInputStream(archive)));
            byte[] evil = new RawTar().file("../evil", "").end();
            assertThrows(FornoException.class, () -> extractor.extract(new TarReader(new ByteArrayInputStream(evil))));
        }
        assertEquals("h", Files.readString(inside.resolve("etc/hosts")));
        assertEquals(root.stat("etc/hosts").inode(), root.stat("app/hard").inode());
        assertEquals(0644, root.stat("app").mode());
    }

    @Test
    void transformsRenameChownAndDrop() throws Exception {
        extract(
                new RawTar().file("keep", "x").file("drop", "y").end(),
                ExtractOptions.plain()
                        .transforming(e -> e.name().equals("drop")
                                ? Optional.empty()
                                : Optional.of(
                                        e.withName("renamed").withOwner(12, 34).withMode(0700))));
        assertFalse(Files.exists(inside.resolve("drop")));
        FileStat stat = root.stat("renamed");
        assertEquals(List.of(12, 34, 0700), List.of(stat.uid(), stat.gid(), stat.mode()));
    }

    @Test
    void marksOfOverlaysAreNotTakenFromArchives() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(out);
        var xattrs = new java.util.TreeMap<String, byte[]>();
        xattrs.put("trusted.overlay.redirect", "/etc".getBytes(UTF_8));
        xattrs.put("user.fine", "yes".getBytes(UTF_8));
        tar.add(TarEntry.directory("d", 0755, Instant.EPOCH).withXattrs(xattrs));
        tar.finish();
        extract(out.toByteArray(), ExtractOptions.layer());
        assertEquals(List.of("user.fine"), root.xattrs("d"));
    }

    @Test
    void truncatedContentIsAnError() {
        byte[] whole = new RawTar().file("f", "x".repeat(2000)).bytes();
        assertRefused(java.util.Arrays.copyOf(whole, 1500));
    }

    @Test
    void interruptCancels() {
        byte[] archive = new RawTar().file("f", "x").end();
        Thread.currentThread().interrupt();
        FornoException e = assertThrows(FornoException.class, () -> extract(archive, ExtractOptions.plain()));
        assertTrue(Thread.interrupted());
        assertEquals(ErrorKind.CANCELLED, e.kind());
    }

    @Test
    void givesTheSameTreeAsGnuTar() throws Exception {
        Path source = Files.createDirectory(temporary.resolve("gnu-source"));
        makeTree(source);
        for (String format : List.of("gnu", "posix", "ustar", "v7")) {
            Path archive = temporary.resolve("gnu-" + format + ".tar");
            List<String> options = format.equals("posix")
                    ? List.of("-S", "--format=posix", "--xattrs", "--xattrs-include=*")
                    : format.equals("gnu") ? List.of("-S", "--format=gnu") : List.of("--format=" + format);
            String names = format.equals("v7") || format.equals("ustar") ? "plain" : ".";
            tar(concat(List.of("-C", source.toString()), options, List.of("-cf", archive.toString(), names)));
            Path expected = Files.createDirectory(temporary.resolve("gnu-expected-" + format));
            tar(List.of("-C", expected.toString(), "--xattrs", "--xattrs-include=*", "-xpf", archive.toString()));
            Path mine = Files.createDirectory(inside.resolve(format));
            try (Root target = Root.open(mine);
                    Extractor extractor = new Extractor(target, ExtractOptions.plain());
                    var in = Files.newInputStream(archive)) {
                extractor.extract(new TarReader(in));
            }
            assertEquals(describe(expected, true), describe(mine, true), format);
            assertEquals(describe(expected, false), describe(repack(mine, format), false), format + " packed again");
        }
    }

    /** Packs a tree with the own writer and lets GNU tar extract it. */
    private Path repack(Path tree, String format) throws Exception {
        Path archive = temporary.resolve("gnu-repacked-" + format + ".tar");
        try (Root from = Root.open(tree);
                var out = new java.io.BufferedOutputStream(Files.newOutputStream(archive))) {
            TarWriter writer = new TarWriter(out);
            new Packer(writer, PackOptions.plain()).pack(from, "/", ".");
            writer.finish();
        }
        Path result = Files.createDirectory(temporary.resolve("gnu-repacked-" + format));
        tar(List.of("-C", result.toString(), "--xattrs", "--xattrs-include=*", "-xpf", archive.toString()));
        return result;
    }

    private static void makeTree(Path source) throws Exception {
        try (Root tree = Root.open(source)) {
            tree.mkdirAll("plain/sub", 0751);
            tree.mkdirAll("long/" + "d".repeat(150) + "/" + "e".repeat(150), 0755);
            Files.writeString(source.resolve("plain/file"), "text");
            Files.writeString(source.resolve("plain/setuid"), "text");
            Files.createLink(source.resolve("plain/sub/hard"), source.resolve("plain/file"));
            tree.symlink("../file", "plain/sub/link");
            tree.symlink("t".repeat(300), "long/link");
            tree.mknod("fifo", dev.forno.linux.files.Flags.S_IFIFO | 0622, 0, 0);
            tree.mknod("null", dev.forno.linux.files.Flags.S_IFCHR | 0666, 1, 3);
            Files.writeString(source.resolve("ünï 🍞"), "name");
            tree.setXattr("fifo", "trusted.t", new byte[] {1});
            tree.setXattr("plain/file", "user.u", new byte[] {0, 10, 61});
            tree.chown("plain/setuid", 1000, 2_000_000);
            tree.chmod("plain/setuid", 06755);
            try (var sparse =
                    new java.io.RandomAccessFile(source.resolve("long/sparse").toFile(), "rw")) {
                sparse.setLength(10_000_000);
                sparse.seek(5_000_000);
                sparse.write(7);
            }
            tree.setTimes("plain/file", null, Instant.ofEpochSecond(1_234_567_890, 123_456_789));
            tree.setTimes("plain", null, Instant.ofEpochSecond(1_000_000_000));
        }
    }

    private static List<String> describe(Path path, boolean holes) throws Exception {
        List<String> lines = new ArrayList<>();
        try (Root tree = Root.open(path);
                var files = Files.walk(path)) {
            for (Path file : files.filter(f -> !f.equals(path)).sorted().toList()) {
                String name = path.relativize(file).toString();
                FileStat s = tree.stat(name);
                StringBuilder line = new StringBuilder(name + " " + s.type() + " " + Integer.toOctalString(s.mode()));
                line.append(" " + s.uid() + ":" + s.gid() + " " + s.major() + "," + s.minor() + " " + s.modified());
                line.append(s.isDirectory() ? "" : " links " + s.links());
                for (String attribute : tree.xattrs(name).stream().sorted().toList()) {
                    line.append(" " + attribute + "="
                            + java.util.Arrays.toString(
                                    tree.xattr(name, attribute).orElseThrow()));
                }
                if (s.isFile()) {
                    line.append(" " + s.size() + " " + java.util.Arrays.hashCode(Files.readAllBytes(file)) + " holes "
                            + (holes && s.blocks() * 512 < s.size()));
                } else if (Files.isSymbolicLink(file)) {
                    line.append(" -> " + tree.readlink(name));
                }
                lines.add(line.toString());
            }
        }
        return lines;
    }

    private static List<String> concat(List<String> first, List<String> second, List<String> third) {
        return java.util.stream.Stream.of(first, second, third)
                .flatMap(List::stream)
                .toList();
    }

    private static void tar(List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("tar"));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, process.waitFor(), output);
    }
}
