package dev.forno.store.indexes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mounted indexes show what GNU tar extracts, entry by entry, and fsck.erofs accepts them. Needs root. */
class ErofsIndexTest {
    private Path temporary;

    @BeforeEach
    void make() throws Exception {
        temporary = Files.createTempDirectory("erofs-index");
    }

    @AfterEach
    void remove() throws Exception {
        Tools.remove(temporary);
    }

    private void compare(Path tar) throws Exception {
        Path gnu = Tools.extract(tar, temporary.resolve("gnu"));
        Path work = Files.createDirectory(temporary.resolve("work"));
        try (MountedIndex index = new MountedIndex(work, List.of(tar))) {
            List<String> expected = TreeFacts.of(gnu);
            List<String> actual = TreeFacts.of(index.target());
            assertEquals("", TreeFacts.difference(expected, actual));
            assertEquals(expected.size(), actual.size());
            assertTrue(index.tree().entries() >= actual.size());
            Tools.checkIfPossible(index);
        } finally {
            Tools.remove(work);
            Tools.remove(gnu);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void strangeTrees(long seed) throws Exception {
        Path tree = FileTrees.strange(temporary.resolve("tree"), seed);
        List<String> options = new ArrayList<>(List.of("--format=posix", "--xattrs", "--xattrs-include=*"));
        if (seed % 2 == 0) {
            options.add("-S");
        }
        compare(Tools.archive(tree, temporary.resolve("layer.tar"), options.toArray(new String[0])));
    }

    @Test
    void gnuFormat() throws Exception {
        Path tree = FileTrees.strange(temporary.resolve("tree"), 11);
        compare(Tools.archive(tree, temporary.resolve("layer.tar"), "--format=gnu", "-S"));
    }

    @Test
    void nodeModules() throws Exception {
        Path tree = FileTrees.nodeModules(temporary.resolve("tree"), 400);
        compare(Tools.archive(tree, temporary.resolve("layer.tar"), "--format=ustar"));
    }

    @Test
    void jdk() throws Exception {
        Path jdk = Path.of(System.getProperty("java.home"));
        compare(Tools.archive(jdk, temporary.resolve("layer.tar"), "--exclude=./lib/src.zip"));
    }

    /** The base that the end-to-end tests run; made here when they haven't yet. */
    @Test
    void debian() throws Exception {
        Path tar = Path.of(System.getProperty("java.io.tmpdir"), "forno-e2e-images", "debian.tar");
        if (!Files.exists(tar)) {
            assumeTrue(Tools.has("mmdebstrap"), "mmdebstrap is not installed");
            Files.createDirectories(tar.getParent());
            Path part = tar.resolveSibling("debian.tar.part.tar");
            Tools.run(List.of("mmdebstrap", "--quiet", "--variant=minbase", "bookworm", part.toString()));
            Files.move(part, tar);
        }
        compare(tar);
    }

    @Test
    void fsckAcceptsIndexes() throws Exception {
        Path tree = FileTrees.strange(temporary.resolve("tree"), 12);
        Path tar = Tools.archive(tree, temporary.resolve("layer.tar"), "--xattrs", "--xattrs-include=*");
        try (MountedIndex index = new MountedIndex(Files.createDirectory(temporary.resolve("work")), List.of(tar))) {
            Tools.check(index);
        }
    }

    @Test
    void anEmptyTree() throws Exception {
        Path tar = Files.write(temporary.resolve("layer.tar"), new byte[10240]);
        try (MountedIndex index =
                new MountedIndex(Files.createDirectory(temporary.resolve("work")), List.of(tar, tar))) {
            assertEquals(List.of(), TreeFacts.of(index.target()));
            assertEquals(List.of(), index.devices());
            Tools.checkIfPossible(index);
        }
    }
}
