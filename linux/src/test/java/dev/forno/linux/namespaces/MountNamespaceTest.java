package dev.forno.linux.namespaces;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.Fd;
import dev.forno.linux.files.Flags;
import dev.forno.linux.files.Root;
import dev.forno.linux.mounts.Mounts;
import dev.forno.linux.namespaces.MountNamespace.Bind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountNamespaceTest {
    @TempDir
    Path temporary;

    private Path files;
    private Path rootfs;
    private Path data;

    @BeforeEach
    void mount() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        files = Files.createDirectories(temporary.resolve("files"));
        rootfs = Files.createDirectories(temporary.resolve("rootfs"));
        data = Files.createDirectories(temporary.resolve("data"));
        Mounts.bind(files, rootfs, false);
    }

    @AfterEach
    void unmount() throws IOException {
        Mounts.unmount(rootfs);
    }

    private static void write(Root root, String path, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        try (Fd file = root.open(path, Flags.O_WRONLY | Flags.O_CREAT | Flags.O_TRUNC, 0644)) {
            file.write(bytes, 0, bytes.length);
        }
    }

    /** How many mounts show something of this test; others mount and unmount meanwhile. */
    private long ours() throws IOException {
        String name = temporary.getFileName().toString();
        return Mounts.table().stream()
                .filter(mount ->
                        mount.root().contains(name) || mount.target().toString().contains(name))
                .count();
    }

    @Test
    void showsWhatIsMountedToItsOwnerAlone() throws IOException {
        long before = ours();
        Files.createDirectories(files.resolve("in/vol"));
        try (MountNamespace view = MountNamespace.of(rootfs, List.of(new Bind(data, "/in/vol", false, true)))) {
            write(view.root(), "/in/vol/file", "text");
            write(view.root(), "/in/beside", "text");
            assertEquals(before, ours());
            assertTrue(before > 0);
        }
        assertEquals("text", Files.readString(data.resolve("file")));
        assertEquals("text", Files.readString(files.resolve("in/beside")));
        assertFalse(Files.exists(files.resolve("in/vol/file")));
    }

    @Test
    void mountsOneInTheOther() throws IOException {
        Path inner = Files.createDirectories(temporary.resolve("inner"));
        Files.createDirectories(data.resolve("below"));
        try (MountNamespace view = MountNamespace.of(
                rootfs, List.of(new Bind(data, "/vol", false, true), new Bind(inner, "/vol/below", false, true)))) {
            write(view.root(), "/vol/below/file", "text");
        }
        assertEquals("text", Files.readString(inner.resolve("file")));
    }

    @Test
    void makesMissingMountPoints() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "text");
        try (MountNamespace view = MountNamespace.of(
                rootfs, List.of(new Bind(data, "/a/b", false, true), new Bind(file, "/c/d", false, true)))) {
            assertArrayEquals("text".getBytes(UTF_8), view.root().readAll("/c/d", 100));
            assertTrue(view.root().stat("/a/b").isDirectory());
        }
        assertTrue(Files.isDirectory(files.resolve("a/b")));
        assertEquals(0, Files.size(files.resolve("c/d")));
    }

    /** A link of a hostile image. */
    @Test
    void followsLinksInsideOnly() throws IOException {
        Path outside = Files.createDirectories(temporary.resolve("outside"));
        Files.createSymbolicLink(files.resolve("vol"), outside);
        try (MountNamespace view = MountNamespace.of(rootfs, List.of(new Bind(data, "/vol", false, true)))) {
            write(view.root(), "/vol/file", "text");
            assertThrows(ErrnoException.class, () -> view.root().stat("/vol/../../../../proc/self"));
        }
        assertEquals("text", Files.readString(data.resolve("file")));
        assertTrue(Files.isDirectory(files.resolve(outside.toString().substring(1))));
        assertTrue(Files.deleteIfExists(outside), "nothing is in it");
    }

    @Test
    void refusesToWriteWhatIsReadOnly() throws IOException {
        Files.writeString(data.resolve("file"), "text");
        try (MountNamespace view = MountNamespace.of(rootfs, List.of(new Bind(data, "/vol", true, true)))) {
            assertArrayEquals("text".getBytes(UTF_8), view.root().readAll("/vol/file", 100));
            ErrnoException e = assertThrows(ErrnoException.class, () -> write(view.root(), "/vol/new", "text"));
            assertEquals(ErrnoException.EROFS, e.errno());
            write(view.root(), "/new", "text");
        }
        Files.writeString(data.resolve("file"), "still writable");
    }

    @Test
    void leavesNothingAfterAFailure() throws IOException {
        List<Bind> binds = List.of(
                new Bind(data, "/vol", false, true), new Bind(temporary.resolve("missing"), "/other", false, true));
        ErrnoException e = assertThrows(ErrnoException.class, () -> MountNamespace.of(rootfs, binds));
        assertEquals(ErrnoException.ENOENT, e.errno());
        // Where it was mounted can be removed, and what was mounted is free.
        Files.delete(files.resolve("vol"));
        Files.delete(data);
    }

    /** Else all that is mounted on the host stayed in use. */
    @Test
    void holdsNothingElse() throws IOException {
        try (MountNamespace view = MountNamespace.of(rootfs, List.of(new Bind(data, "/vol", false, true)));
                Fd volume = view.root().open("/vol", Flags.O_PATH, 0)) {
            assertEquals(Path.of("/vol"), Files.readSymbolicLink(volume.path()), "nothing is above its root");
        }
    }

    @Test
    void staysWhenItIsUnmountedElsewhere() throws IOException {
        Files.writeString(files.resolve("file"), "text");
        try (MountNamespace view = MountNamespace.of(rootfs, List.of(new Bind(data, "/vol", false, true)))) {
            Mounts.unmount(rootfs);
            assertArrayEquals("text".getBytes(UTF_8), view.root().readAll("/file", 100));
        }
    }
}
