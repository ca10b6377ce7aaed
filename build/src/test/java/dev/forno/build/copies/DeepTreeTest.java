package dev.forno.build.copies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.files.Root;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.patterns.IgnorePatterns;
import dev.forno.store.workers.Workers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Trees deeper than any image can have: a stage's container may make them. */
class DeepTreeTest {
    @TempDir
    Path directory;

    private void makeDeep(int levels) throws Exception {
        Files.createDirectories(directory.resolve("deep" + "/d".repeat(levels)));
    }

    @Test
    void isRefusedWhenItIsDigestedAndCopied() throws Exception {
        makeDeep(1100);
        Files.createDirectory(directory.resolve("to"));
        try (Root root = Root.open(directory)) {
            CopySource deep = new CopySource.Tree(root, "deep", "deep");
            refused(() -> digest(deep));
            try (Root from = root.root("deep");
                    Root to = root.root("to")) {
                TreeCopy copy = new TreeCopy(null, null, IgnorePatterns.NONE);
                refused(() -> Workers.run("copy", () -> copy.content(from.top(), to.top(), "")));
            }
        }
    }

    @Test
    void isTakenWhenAnArchiveCanHaveIt() throws Exception {
        makeDeep(1000);
        Files.createDirectory(directory.resolve("to"));
        try (Root root = Root.open(directory);
                Root from = root.root("deep");
                Root to = root.root("to")) {
            TreeCopy copy = new TreeCopy(null, null, IgnorePatterns.NONE);
            Workers.run("copy", () -> copy.content(from.top(), to.top(), ""));
            assertTrue(Files.isDirectory(directory.resolve("to" + "/d".repeat(1000))));
            assertEquals(digest(new CopySource.Tree(root, "deep", "x")), digest(new CopySource.Tree(root, "to", "x")));
        }
    }

    private static String digest(CopySource source) {
        return Workers.run("digest", () -> SourceDigest.of(source, false, IgnorePatterns.NONE));
    }

    private static void refused(Executable step) {
        FornoException e = assertThrows(FornoException.class, step);
        assertEquals(ErrorKind.FAILED_PRECONDITION, e.kind());
        assertTrue(e.getMessage().contains("nested more than 1024 directories deep"), e.getMessage());
    }
}
