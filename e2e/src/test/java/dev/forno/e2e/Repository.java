package dev.forno.e2e;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the sources under test lie. */
final class Repository {
    private Repository() {}

    /** The repository's folder: the nearest one upwards that holds the launcher. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null) {
            if (Files.isRegularFile(folder.resolve("forno")) && Files.isDirectory(folder.resolve("e2e"))) {
                return folder;
            }
            folder = folder.getParent();
        }
        throw new AssertionError("run the tests inside the repository");
    }
}
