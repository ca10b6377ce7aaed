package dev.forno.build.contexts;

import dev.forno.linux.files.Root;
import dev.forno.store.failures.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Directories for temporary files. */
public final class Scratch {
    private Scratch() {}

    /** Removes a directory with everything in it, following no link; nothing happens when there is none. */
    public static void remove(Path directory) {
        Path parent = directory.toAbsolutePath().getParent();
        if (parent == null || !Files.exists(parent)) {
            return;
        }
        try (Root root = Root.open(parent)) {
            root.removeAll(directory.getFileName().toString());
        } catch (IOException e) {
            throw Failures.of("remove temporary files", e);
        }
    }
}
