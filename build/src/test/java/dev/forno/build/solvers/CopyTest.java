package dev.forno.build.solvers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.files.FileStat;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarWriter;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** COPY and ADD with the real store. Needs root. */
class CopyTest {
    private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000);

    @TempDir
    static Path directory;

    private static Workbench bench;

    @BeforeAll
    static void open() throws IOException {
        bench = new Workbench(directory);
    }

    @AfterAll
    static void close() throws IOException {
        assertEquals(List.of(), bench.store().snapshotter().snapshots());
        bench.close();
    }

    private static String describe(SolveResult image, String path) throws IOException {
        FileStat stat = bench.inspect(image, r -> r.stat(path));
        return stat.type() + " " + Integer.toOctalString(stat.mode()) + " " + stat.uid() + ":" + stat.gid();
    }

    @Test
    void filesKeepModeAndTimeAndBecomeRoots() throws IOException {
        SolveResult image = bench.build(Context.of("FROM scratch\nCOPY program /opt/bin/\nCOPY program /renamed\n")
                        .file("program", 04755, "x".getBytes(UTF_8), TIME))
                .image();
        assertEquals("FILE 4755 0:0", describe(image, "/opt/bin/program"));
        assertEquals("DIRECTORY 755 0:0", describe(image, "/opt/bin"));
        assertEquals(TIME, bench.inspect(image, r -> r.stat("/renamed").modified()));
    }

    @Test
    void directoriesGiveTheirContent() throws IOException {
        SolveResult image = bench.build(Context.of(
                                "FROM busybox\nWORKDIR /w\nCOPY tree sub/\nCOPY --chown=maria tree /owned\nCOPY . .\n")
                        .add(TarEntry.directory("tree", 0750, TIME))
                        .add(TarEntry.directory("tree/inner", 0700, TIME))
                        .file("tree/inner/file", "deep")
                        .add(TarEntry.symlink("tree/link", "/etc/passwd", TIME)))
                .image();
        assertEquals("deep", bench.read(image, "/w/sub/inner/file"));
        assertEquals("deep", bench.read(image, "/w/tree/inner/file"));
        assertEquals("DIRECTORY 700 0:0", describe(image, "/w/sub/inner"));
        assertEquals("SYMLINK 777 0:0", describe(image, "/w/sub/link"));
        assertEquals("/etc/passwd", bench.inspect(image, r -> r.readlink("/w/sub/link")));
        assertEquals("DIRECTORY 755 1000:1001", describe(image, "/owned"));
        assertEquals("FILE 644 1000:1001", describe(image, "/owned/inner/file"));
        assertEquals(TIME, bench.inspect(image, r -> r.stat("/owned/inner").modified()));
    }

    @Test
    void patternsAndExcludes() throws IOException {
        Context context = Context.of("""
                FROM busybox
                COPY *.txt /texts/
                COPY d?r/[a-b]* /classes/
                COPY --exclude=*.md --exclude=inner dir /kept/
                COPY odd[[]1] /odd
                """);
        for (String name : List.of("a.txt", "b.txt", "c.md", "dir/a1", "dir/b1", "dir/c1", "dir/x.md", "odd[1]")) {
            context.file(name, name);
        }
        context.file("dir/inner/file", "inner");
        SolveResult image = bench.build(context).image();
        assertEquals(
                List.of("a.txt", "b.txt"),
                bench.inspect(image, r -> r.list("/texts").stream().sorted().toList()));
        assertEquals(
                List.of("a1", "b1"),
                bench.inspect(image, r -> r.list("/classes").stream().sorted().toList()));
        assertEquals(
                List.of("a1", "b1", "c1"),
                bench.inspect(image, r -> r.list("/kept").stream().sorted().toList()));
        assertEquals("odd[1]", bench.read(image, "/odd"));
    }

    @Test
    void linksNeverLeadOutOfContextOrImage() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "secret of the host");
        SolveResult evil = bench.build(Context.of("""
                        FROM busybox
                        RUN ln -s %1$s /out && mkdir /inside && ln -s ../../../../../../..%1$s /inside/up
                        """.formatted(directory))).image();
        bench.images.put("evil", new BaseImage(evil.id(), evil.config()));
        var written = bench.build(Context.of("FROM evil\nCOPY file /out/\nCOPY file /inside/up/\n")
                .file("file", "x"));
        assertFalse(Files.exists(directory.resolve("file")), "written outside the image");
        assertEquals("x", bench.read(written.image(), directory + "/file"));

        var read = bench.build(
                Context.of("FROM busybox\nCOPY link /stolen\n").add(TarEntry.symlink("link", secret.toString(), TIME)));
        assertEquals(
                "COPY failed: file not found in build context or excluded by .dockerignore: stat link: file does not exist",
                read.message());
        var hidden = bench.build(Context.of("FROM busybox\nCOPY escape/file /\n")
                .add(TarEntry.symlink("escape", "/", TIME))
                .file("escape/file", "through the link"));
        assertEquals("through the link", bench.read(hidden.image(), "/file"));
        assertFalse(Files.exists(Path.of("/file")));
        var above = bench.build(Context.of("FROM busybox\nCOPY . /\n").file("../above", "x"));
        assertTrue(above.message().contains("leads out of the directory"), above.message());
    }

    @Test
    void directoriesAreMadeWhereLinksLead() throws IOException {
        Context context = Context.of(
                        "FROM scratch\nCOPY links /\nCOPY --chown=7:8 file /link/sub/\nWORKDIR /link/work\n")
                .add(TarEntry.symlink("links/link", "later/on", TIME))
                .file("file", "x");
        SolveResult image = bench.build(context).image();
        assertEquals("SYMLINK 777 0:0", describe(image, "/link"));
        assertEquals("x", bench.read(image, "/later/on/sub/file"));
        assertEquals("DIRECTORY 755 7:8", describe(image, "/later"));
        assertEquals("DIRECTORY 755 0:0", describe(image, "/later/on/work"));

        var beneathFile = bench.build(
                Context.of("FROM scratch\nCOPY file /\nCOPY file /file/x/\n").file("file", "x"));
        assertTrue(beneathFile.message().contains("\"file\" on the way is not a directory"), beneathFile.message());
        var around = bench.build(Context.of("FROM scratch\nCOPY links /\nCOPY file /a/x/\n")
                .add(TarEntry.symlink("links/a", "b", TIME))
                .add(TarEntry.symlink("links/b", "a", TIME))
                .file("file", "x"));
        assertTrue(around.message().contains("too many levels of symbolic links"), around.message());
    }

    @Test
    void existingPathsAreReplacedOrKept() throws IOException {
        SolveResult image = bench.build(Context.of("""
                        FROM busybox
                        RUN mkdir -p /real/sub && ln -s real /alias && echo old > /real/file && ln -s file /real/filelink
                        COPY file /alias
                        COPY file /real/filelink
                        COPY tree /alias
                        """).file("file", "new").file("tree/sub/added", "added"))
                .image();
        assertEquals("new", bench.read(image, "/real/file"));
        assertEquals("added", bench.read(image, "/real/sub/added"));
        assertEquals("SYMLINK 777 0:0", describe(image, "/alias"));
        assertEquals("SYMLINK 777 0:0", describe(image, "/real/filelink"));

        var overDirectory =
                bench.build(Context.of("FROM busybox\nCOPY tree /\n").file("tree/bin", "file"));
        assertEquals("COPY failed: cannot replace to directory bin with file", overDirectory.message());
        var overFile = bench.build(Context.of("FROM busybox\nCOPY tree /etc\n").file("tree/passwd/x", "file"));
        assertEquals("COPY failed: cannot copy to non-directory: passwd", overFile.message());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gzip", "bzip2", "xz"})
    void addExtractsArchives(String program) throws Exception {
        SolveResult image = bench.build(
                        Context.of("FROM scratch\nADD data.any /dest/\nADD --unpack=false data.any /plain\n")
                                .add(TarEntry.file("data.any", 0644, archive(program).length, TIME), archive(program)))
                .image();
        assertEquals("inside", bench.read(image, "/dest/sub/file"));
        assertEquals("FILE 600 11:12", describe(image, "/dest/sub/file"));
        assertEquals("FILE 644 0:0", describe(image, "/plain"));
        assertEquals(List.of("sub"), bench.inspect(image, r -> r.list("/dest")));
    }

    @Test
    void addLeavesWhatIsNoArchive() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(text)) {
            gzip.write("just text".getBytes(UTF_8));
        }
        SolveResult image = bench.build(Context.of("FROM scratch\nADD text.gz empty /dest/\n")
                        .file("text.gz", 0644, text.toByteArray(), TIME)
                        .file("empty", ""))
                .image();
        long size = bench.inspect(image, r -> r.stat("/dest/text.gz").size());
        assertEquals((long) text.size(), size);
        assertEquals("", bench.read(image, "/dest/empty"));
    }

    private static byte[] archive(String program) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(bytes);
        tar.add(TarEntry.directory("sub", 0755, TIME));
        tar.add(
                TarEntry.file("sub/file", 0600, 6, TIME).withOwner(11, 12),
                new ByteArrayInputStream("inside".getBytes(UTF_8)));
        tar.finish();
        if (program.isEmpty()) {
            return bytes.toByteArray();
        }
        Path plain = Files.write(directory.resolve("archive-" + program), bytes.toByteArray());
        Process process = new ProcessBuilder(program, "-c", plain.toString()).start();
        byte[] compressed = process.getInputStream().readAllBytes();
        assertEquals(0, process.waitFor());
        return compressed;
    }

    @Test
    void addFetchesAddresses() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> serve(server));
            String address = "http://127.0.0.1:" + server.getLocalPort();
            String digest = dev.forno.oci.Digest.of("fetched".getBytes(UTF_8)).toString();
            SolveResult image = bench.build(Context.of("FROM scratch\nADD --checksum=" + digest + " " + address
                            + "/some/file.tar /dir/\nADD --chmod=644 " + address + "/some/file.tar /name\n"))
                    .image();
            assertEquals("FILE 600 0:0", describe(image, "/dir/file.tar"));
            assertEquals(TIME, bench.inspect(image, r -> r.stat("/dir/file.tar").modified()));
            assertEquals("FILE 644 0:0", describe(image, "/name"));
            var missing = bench.build(Context.of("FROM scratch\nADD " + address + "/none /\n"));
            assertEquals("ADD failed: failed to GET " + address + "/none with status 404", missing.message());
            var wrong = bench.build(Context.of(
                    "FROM scratch\nADD --checksum=sha256:" + "0".repeat(64) + " " + address + "/some/file.tar /\n"));
            assertTrue(wrong.message().contains("digest mismatch"), wrong.message());
        }
    }

    private static void serve(ServerSocket server) {
        try {
            while (true) {
                try (Socket socket = server.accept()) {
                    BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
                    String request = in.readLine();
                    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                        // the headers don't matter
                    }
                    String status = request.contains("/some/file.tar ") ? "200 OK" : "404 Not Found";
                    socket.getOutputStream()
                            .write(("HTTP/1.1 " + status + "\r\nLast-Modified: Tue, 14 Nov 2023 22:13:20 GMT\r\n"
                                            + "Content-Length: 7\r\nConnection: close\r\n\r\nfetched")
                                    .getBytes(UTF_8));
                }
            }
        } catch (SocketException e) {
            // closed by the test
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void dockerfileAndIgnoreFileCanBeLeftOut() throws IOException {
        SolveResult image = bench.build(Context.of("FROM scratch\nCOPY . /\n")
                        .file(".dockerignore", "Dockerfile\n.dockerignore\n")
                        .file("kept", "x"))
                .image();
        assertEquals(List.of("kept"), bench.inspect(image, r -> r.list("/")));
    }

    @Test
    void symbolicModes() throws IOException {
        SolveResult image = bench.build(Context.of(
                                "FROM scratch\nCOPY --chmod=u=rwX,go=rX tree /tree\nCOPY --chmod=go-r,u+s file /file\n")
                        .add(TarEntry.directory("tree", 0700, TIME))
                        .add(TarEntry.directory("tree/inner", 0700, TIME))
                        .file("tree/plain", 0600, new byte[0], TIME)
                        .file("tree/run", 0700, new byte[0], TIME)
                        .file("file", 0644, new byte[0], TIME))
                .image();
        assertEquals("DIRECTORY 755 0:0", describe(image, "/tree/inner"));
        assertEquals("FILE 644 0:0", describe(image, "/tree/plain"));
        assertEquals("FILE 755 0:0", describe(image, "/tree/run"));
        assertEquals("FILE 4600 0:0", describe(image, "/file"));
    }
}
