package dev.forno.cli.archives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchivesTest {
    @TempDir
    Path directory;

    private Path file(String name, String text) throws IOException {
        Path path = directory.resolve(name);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    private static List<String> names(byte[] archive) throws IOException {
        List<String> names = new ArrayList<>();
        TarReader reader = new TarReader(new ByteArrayInputStream(archive));
        for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
            names.add(entry.name());
        }
        return names;
    }

    private static byte[] context(BuildContext context) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        context.write(out);
        return out.toByteArray();
    }

    @Test
    void aTreeSurvivesTheArchive() throws IOException {
        String longName = "d/" + "long".repeat(40) + "/ümlaut";
        file("tree/" + longName, "text");
        Files.createSymbolicLink(directory.resolve("tree/link"), Path.of(longName));
        Files.createLink(directory.resolve("tree/twin"), directory.resolve("tree/" + longName));
        Path script = file("tree/script", "#!/bin/sh\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-x---"));
        Files.setLastModifiedTime(script, java.nio.file.attribute.FileTime.from(Instant.ofEpochSecond(1_000_000)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarWriter writer = new TarWriter(out)) {
            new Tree(writer, Tree.Owners.KEPT).add(directory.resolve("tree"), "top");
        }
        Path target = Files.createDirectory(directory.resolve("target"));
        Extraction.run(new TarReader(new ByteArrayInputStream(out.toByteArray())), target, "top", "new", false);
        assertEquals("text", Files.readString(target.resolve("new/" + longName)));
        assertEquals(
                longName, Files.readSymbolicLink(target.resolve("new/link")).toString());
        assertTrue(Files.isSameFile(target.resolve("new/twin"), target.resolve("new/" + longName)));
        Path copy = target.resolve("new/script");
        assertEquals("rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)));
        assertEquals(1_000_000, Files.getLastModifiedTime(copy).toInstant().getEpochSecond());
    }

    @Test
    void gnuTarReadsIt() throws IOException, InterruptedException {
        file("tree/" + "x".repeat(120), "text");
        Path archive = directory.resolve("a.tar");
        try (TarWriter writer = new TarWriter(Files.newOutputStream(archive))) {
            new Tree(writer, Tree.Owners.ROOT).addContents(directory.resolve("tree"), Tree.Selection.ALL);
        }
        Process tar = new ProcessBuilder("tar", "-tf", archive.toString())
                .redirectErrorStream(true)
                .start();
        String listed = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, tar.waitFor());
        assertEquals("x".repeat(120) + "\n", listed);
    }

    @Test
    void nothingEscapesFromAnExtraction() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Path target = Files.createDirectory(directory.resolve("target"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarWriter writer = new TarWriter(out)) {
            writer.add(
                    entry("top/way", TarEntry.Type.SYMLINK, "../../outside"), ByteArrayInputStream.nullInputStream());
            writer.add(entry("top/way/evil", TarEntry.Type.DIRECTORY, ""), ByteArrayInputStream.nullInputStream());
        }
        TarReader reader = new TarReader(new ByteArrayInputStream(out.toByteArray()));
        assertThrows(IOException.class, () -> {
            Files.createDirectory(target.resolve("top"));
            Extraction.run(reader, target, "x", "x", false);
        });
        assertFalse(Files.exists(outside.resolve("evil")));
    }

    private static TarEntry entry(String name, TarEntry.Type type, String link) {
        return new TarEntry(name, type, 0755, 0, 0, 0, Instant.EPOCH, link);
    }

    @Test
    void aBrokenArchiveIsRefused() throws IOException {
        byte[] head = new byte[512];
        head[0] = 'a';
        assertThrows(IOException.class, () -> new TarReader(new ByteArrayInputStream(head)).next());
        assertNull(new TarReader(new ByteArrayInputStream(new byte[1024])).next());
        assertThrows(IOException.class, () -> new TarReader(new ByteArrayInputStream(new byte[] {1, 2})).next());
    }

    @Test
    void aContextLeavesOutWhatIsIgnored() throws IOException {
        file("c/Dockerfile", "FROM x");
        file("c/.dockerignore", "*\n!keep\nkeep/not\nDockerfile\n");
        file("c/keep/yes", "");
        file("c/keep/not", "");
        file("c/other/file", "");
        BuildContext context = BuildContext.of(directory.resolve("c"), (String) null);
        assertEquals("Dockerfile", context.dockerfile());
        assertEquals(List.of(".dockerignore", "Dockerfile", "keep", "keep/yes"), names(context(context)));
    }

    @Test
    void aDockerfileElsewhereIsBroughtAlong() throws IOException {
        file("c/a", "");
        Path other = file("elsewhere/Dockerfile", "FROM y");
        BuildContext context = BuildContext.of(directory.resolve("c"), other.toString());
        assertEquals(List.of("a", context.dockerfile()), names(context(context)));
    }

    @Test
    void aDockerfileInAFolderKeepsItsPath() throws IOException {
        Path inner = file("c/docker/Dev.Dockerfile", "FROM y");
        file("c/.dockerignore", "docker");
        BuildContext context = BuildContext.of(directory.resolve("c"), inner.toString());
        assertEquals("docker/Dev.Dockerfile", context.dockerfile());
        assertEquals(List.of(".dockerignore", "docker/Dev.Dockerfile"), names(context(context)));
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        Path missing = directory.resolve("nope");
        IOException e = assertThrows(IOException.class, () -> BuildContext.of(missing, (String) null));
        assertEquals("unable to prepare context: path \"" + missing + "\" not found", e.getMessage());
        IOException f = assertThrows(IOException.class, () -> BuildContext.of(directory, (String) null));
        assertTrue(String.valueOf(f.getMessage())
                .startsWith("unable to prepare context: unable to evaluate symlinks in Dockerfile path: lstat "));
    }

    @Test
    void entriesAreRebased() {
        assertEquals("b/f", Extraction.rebase("a/f", "a", "b"));
        assertEquals("b", Extraction.rebase("a", "a", "b"));
        assertEquals("f", Extraction.rebase("./f", ".", ""));
        assertEquals("", Extraction.rebase("./", ".", "").replace("./", ""));
        assertEquals("new/f", Extraction.rebase("./f", ".", "new"));
        assertEquals("b/ab/f", Extraction.rebase("ab/f", "a", "b"));
    }
}
