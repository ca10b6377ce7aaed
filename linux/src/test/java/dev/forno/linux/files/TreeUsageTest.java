package dev.forno.linux.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.ErrnoException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeUsageTest {
    @TempDir
    Path directory;

    @AfterEach
    void removeDeepTrees() throws IOException {
        try (Root root = Root.open(directory)) {
            for (String name : root.list("/")) {
                root.removeAll(name);
            }
        }
    }

    private static long du(Path path) throws IOException, InterruptedException {
        Process du = new ProcessBuilder("du", "-s", "-x", "-B1", path.toString()).start();
        try (InputStream out = du.getInputStream()) {
            String line = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, du.waitFor());
            return Long.parseLong(line.substring(0, line.indexOf('\t')));
        }
    }

    /** A chain of directories far deeper than a path can be long. */
    private void makeDeep(String name, int depth) throws IOException {
        List<Directory> open = new ArrayList<>();
        try (Root root = Root.open(directory)) {
            root.mkdir(name, 0755);
            Directory current = root.directory(name);
            open.add(current);
            for (int i = 0; i < depth; i++) {
                current.mkdir("d", 0755);
                Directory child = current.directory("d");
                current.close();
                current = child;
                open.add(child);
            }
            try (Fd file = current.open("last", Flags.O_WRONLY | Flags.O_CREAT, 0644)) {
                file.write(new byte[10], 0, 10);
            }
        } finally {
            open.getLast().close();
        }
    }

    @Test
    void countsAsDuDoes() throws Exception {
        Path tree = directory.resolve("tree");
        Files.createDirectories(tree.resolve("a/b"));
        Files.write(tree.resolve("a/file"), new byte[100_000]);
        Files.createLink(tree.resolve("a/b/again"), tree.resolve("a/file"));
        Files.createSymbolicLink(tree.resolve("link"), Path.of("/etc"));
        Files.write(tree.resolve("small"), new byte[3]);
        TreeUsage usage = TreeUsage.of(tree);
        assertEquals(du(tree), usage.allocated());
        assertEquals(100_003, usage.bytes());
        assertEquals(usage.allocated(), usage.freed());
    }

    @Test
    void aFileWithANameElsewhereIsCountedOnceAndNotFreed() throws Exception {
        Path one = Files.createDirectory(directory.resolve("one"));
        Path two = Files.createDirectory(directory.resolve("two"));
        Files.write(one.resolve("file"), new byte[100_000]);
        Files.createLink(two.resolve("file"), one.resolve("file"));
        TreeUsage usage = new TreeUsage();
        long first = usage.add(one);
        assertTrue(first > 100_000);
        assertTrue(usage.freed() < 100_000);
        assertTrue(usage.add(two) < 100_000);
        assertEquals(usage.allocated(), usage.freed());
        assertEquals(0, usage.add(directory.resolve("missing")));
    }

    @Test
    void walksTreesDeeperThanAnyStack() throws Exception {
        makeDeep("deep", 20_000);
        int[] count = {0, 0};
        try (Root root = Root.open(directory)) {
            TreeWalk.walk(root.top(), (_, _, _, depth) -> {
                count[0]++;
                count[1] = Math.max(count[1], depth);
                return true;
            });
        }
        assertEquals(20_002, count[0]);
        assertEquals(20_002, count[1]);
        assertEquals(10, TreeUsage.of(directory.resolve("deep")).bytes());
    }

    /** How many files below this test's directory are open. */
    private long opened() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .filter(descriptor -> {
                        try {
                            return Files.readSymbolicLink(descriptor).startsWith(directory);
                        } catch (IOException e) {
                            return false; // closed meanwhile
                        }
                    })
                    .count();
        }
    }

    @Test
    void aDirectoryMovedMeanwhileEndsTheWalkAndLeavesNothingOpen() throws Exception {
        makeDeep("deep", 100);
        long before = opened();
        try (Root root = Root.open(directory)) {
            assertThrows(
                    ErrnoException.class,
                    () -> TreeWalk.walk(root.top(), (_, name, _, _) -> {
                        if (name.equals("last")) {
                            Files.move(directory.resolve("deep/d/d/d"), directory.resolve("moved"));
                        }
                        return true;
                    }));
        }
        assertEquals(before, opened());
    }

    @Test
    void comesBackFromTheDeepToWhatIsLeft() throws Exception {
        makeDeep("deep", 300);
        Path middle = directory.resolve("deep" + "/d".repeat(100));
        Files.write(middle.resolve("a"), new byte[1]);
        Files.write(middle.resolve("z"), new byte[1]);
        Files.createDirectories(middle.resolve("x/y/z"));
        assertEquals(12, TreeUsage.of(directory.resolve("deep")).bytes());
    }
}
