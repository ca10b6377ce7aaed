package dev.forno.linux.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.ErrnoException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootTest {
    @TempDir
    Path temporary;

    private Path inside;
    private Root root;

    @BeforeEach
    void open() throws Exception {
        inside = Files.createDirectory(temporary.resolve("inside"));
        root = Root.open(inside);
        Files.writeString(temporary.resolve("secret"), "secret");
    }

    @AfterEach
    void close() throws Exception {
        root.close();
    }

    @Test
    void dotDotStopsAtTheRoot() throws Exception {
        write("secret", "own");
        assertArrayEquals("own".getBytes(UTF_8), root.readAll("../../secret", 100));
        assertArrayEquals("own".getBytes(UTF_8), root.readAll("/../secret", 100));
    }

    @Test
    void linksResolveInsideTheRoot() throws Exception {
        root.symlink(temporary.resolve("secret").toString(), "absolute");
        root.symlink("../secret", "relative");
        root.symlink(temporary.toString(), "directory");
        assertErrno(ErrnoException.ENOENT, () -> root.readAll("absolute", 100));
        assertErrno(ErrnoException.ENOENT, () -> root.readAll("relative", 100));
        assertErrno(ErrnoException.ENOENT, () -> root.unlink("directory/secret"));
        assertErrno(ErrnoException.ENOENT, () -> root.chmod("directory/secret", 0777));
        assertErrno(ErrnoException.ENOENT, () -> root.mkdir("directory/new", 0755));
        assertTrue(Files.exists(temporary.resolve("secret")));
        assertFalse(Files.exists(temporary.resolve("new")));
    }

    @Test
    void magicLinksAreRefused() throws Exception {
        try (Root proc = Root.open(Path.of("/proc/self"))) {
            assertErrno(ErrnoException.ELOOP, () -> proc.stat("root/etc"));
            assertErrno(ErrnoException.ELOOP, () -> proc.open("exe", Flags.O_RDONLY, 0));
        }
    }

    @Test
    void attributesApplyToTheLinkItself() throws Exception {
        write("target", "text");
        root.symlink("target", "link");
        root.chown("link", 7, 8);
        root.setTimes("link", null, Instant.ofEpochSecond(5, 6));
        assertEquals(7, root.stat("link").uid());
        assertEquals(8, root.stat("link").gid());
        assertEquals(Instant.ofEpochSecond(5, 6), root.stat("link").modified());
        assertEquals(0, root.stat("target").uid());
        assertErrno(ErrnoException.EOPNOTSUPP, () -> root.chmod("link", 0700));
        assertEquals("target", root.readlink("link"));
        assertTrue(root.statFollowing("link").isFile());
    }

    @Test
    void makesEveryKindOfFile() throws Exception {
        root.mkdir("dir", 01777);
        root.mknod("fifo", Flags.S_IFIFO | 0600, 0, 0);
        root.mknod("dir/null", Flags.S_IFCHR | 0666, 1, 3);
        root.mknod("dir/big", Flags.S_IFBLK | 0600, 259, 70000);
        assertEquals(01777, root.stat("dir").mode());
        assertEquals(FileType.FIFO, root.stat("fifo").type());
        FileStat device = root.stat("dir/null");
        assertEquals(List.of(FileType.CHARACTER_DEVICE, 1, 3), List.of(device.type(), device.major(), device.minor()));
        FileStat block = root.stat("dir/big");
        assertEquals(List.of(FileType.BLOCK_DEVICE, 259, 70000), List.of(block.type(), block.major(), block.minor()));
    }

    @Test
    void keepsTimesAndExtendedAttributes() throws Exception {
        write("file", "text");
        root.setXattr("file", "user.a", new byte[] {0, 1, 2});
        root.setXattr("file", "trusted.empty", new byte[0]);
        root.setTimes("file", Instant.ofEpochSecond(-1, 1), Instant.ofEpochSecond(1_700_000_000L, 123_456_789));
        assertArrayEquals(new byte[] {0, 1, 2}, root.xattr("file", "user.a").orElseThrow());
        assertEquals(0, root.xattr("file", "trusted.empty").orElseThrow().length);
        assertEquals(Optional.empty(), root.xattr("file", "user.none"));
        assertEquals(
                List.of("trusted.empty", "user.a"),
                root.xattrs("file").stream().sorted().toList());
        assertEquals(Instant.ofEpochSecond(-1, 1), root.stat("file").accessed());
        assertEquals(
                Instant.ofEpochSecond(1_700_000_000L, 123_456_789),
                root.stat("file").modified());
    }

    @Test
    void namesKeepBytesThatAreNotUtf8() throws Exception {
        byte[] bytes = {
            'a', (byte) 0xff, (byte) 0xc3, (byte) 0xa9, (byte) 0xf0, (byte) 0x9f, (byte) 0x8d, (byte) 0x9e, (byte) 0xc3
        };
        String name = FileNames.decode(bytes);
        assertArrayEquals(bytes, FileNames.encode(name));
        root.mkdir(name, 0700);
        assertEquals(List.of(name), root.list("/"));
        assertTrue(root.stat(name).isDirectory());
    }

    /** Deeper than any path may be long, as a process may make it step by step. */
    @Test
    void removesTreesOfAnyDepth() throws Exception {
        root.mkdir("tree", 0755);
        root.mkdir("tree/deep-0", 0755);
        Directory current = root.directory("tree");
        for (int i = 0; i < 3000; i++) {
            current.mkdir("d", 0755);
            Directory next = current.directory("d");
            current.close();
            current = next;
        }
        current.close();
        root.removeAll("tree");
        assertEquals(List.of(), root.list("/"));
    }

    @Test
    void mkdirAllFollowsLinksInsideOnly() throws Exception {
        root.mkdir("real", 0755);
        root.symlink("/real", "alias");
        assertEquals(List.of("real/a", "real/a/b"), root.mkdirAll("alias/a/./b/", 0711));
        assertTrue(Files.isDirectory(inside.resolve("real/a/b"), LinkOption.NOFOLLOW_LINKS));
        assertEquals(0711, root.stat("real/a").mode());
        assertEquals(List.of(), root.mkdirAll("/real/a", 0700));
        root.symlink("../../nowhere/../there", "real/dangling");
        assertEquals(List.of("nowhere", "there", "there/x"), root.mkdirAll("alias/dangling/x", 0755));
        root.symlink("loop", "loop");
        assertErrno(ErrnoException.ELOOP, () -> root.mkdirAll("loop/x", 0755));
        write("file", "x");
        assertErrno(ErrnoException.ENOTDIR, () -> root.mkdirAll("file/x", 0755));
        assertErrno(ErrnoException.ENAMETOOLONG, () -> root.mkdirAll("d/".repeat(2048) + "d", 0755));
        root.removeAll("d"); // what is so deep, only the tree's own removal removes
    }

    @Test
    void plainDirectoriesHaveNoLinksOnTheWay() throws Exception {
        root.mkdirAll("real/a", 0755);
        root.symlink("real", "alias");
        root.plainDirectory("real/a").close();
        root.plainDirectory("").close();
        assertErrno(ErrnoException.ELOOP, () -> root.plainDirectory("alias/a"));
        assertErrno(ErrnoException.ENOTDIR, () -> root.plainDirectory("alias"));
        assertErrno(ErrnoException.ENOENT, () -> root.plainDirectory("real/b"));
        String deep = ("n".repeat(99) + "/").repeat(99);
        DirectoryMaker.Made made = new DirectoryMaker(root, 0755, (parent, name) -> false).make(deep);
        made.directory().close();
        assertEquals(99, made.made().size());
        root.plainDirectory(made.path()).close();
        root.removeAll("n".repeat(99));
    }

    @Test
    void removesTreesWithoutFollowingLinks() throws Exception {
        root.mkdirAll("tree/deep/er", 0755);
        root.symlink(temporary.toString(), "tree/out");
        write("tree/deep/file", "x");
        root.removeAll("tree");
        root.removeAll("tree");
        assertEquals(List.of(), root.list(""));
        assertTrue(Files.exists(temporary.resolve("secret")));
    }

    @Test
    void linksAndRenames() throws Exception {
        write("a", "x");
        root.link("a", "b");
        assertEquals(2, root.stat("b").links());
        root.mkdir("d", 0755);
        root.rename("b", "d/c", Flags.RENAME_NOREPLACE);
        assertErrno(ErrnoException.EEXIST, () -> root.rename("a", "d/c", Flags.RENAME_NOREPLACE));
        assertEquals(root.stat("a").inode(), root.stat("d/c").inode());
    }

    @Test
    void refusesPathsThatNameNoChild() {
        for (String path : List.of("", "/", ".", "a/..", "..")) {
            assertErrno(ErrnoException.EINVAL, () -> root.mkdir(path, 0755));
        }
        assertThrows(IllegalArgumentException.class, () -> root.top().unlink("a/b"));
        assertThrows(IllegalArgumentException.class, () -> root.mkdir("a\0b", 0755));
    }

    @Test
    void readAllRefusesWhatIsNotASmallFile() throws Exception {
        root.mknod("fifo", Flags.S_IFIFO | 0600, 0, 0);
        write("long", "0123456789");
        assertErrno(ErrnoException.EINVAL, () -> root.readAll("fifo", 100));
        assertErrno(ErrnoException.EINVAL, () -> root.readAll("long", 9));
    }

    private void write(String path, String text) throws Exception {
        try (Fd file = root.open(path, Flags.O_WRONLY | Flags.O_CREAT | Flags.O_TRUNC, 0644)) {
            byte[] bytes = text.getBytes(UTF_8);
            file.write(bytes, 0, bytes.length);
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    private static void assertErrno(int errno, Action action) {
        assertEquals(errno, assertThrows(ErrnoException.class, action::run).errno());
    }
}
