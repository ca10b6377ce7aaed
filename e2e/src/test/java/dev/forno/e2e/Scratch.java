package dev.forno.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small files that live as long as the test run: a folder that goes when the JVM ends. */
final class Scratch {
    private static final Path ROOT = make();

    private Scratch() {}

    /** A new folder whose name begins with {@code name}. */
    static Path folder(String name) {
        try {
            return Files.createTempDirectory(ROOT, name);
        } catch (IOException e) {
            throw new AssertionError("make a folder for " + name, e);
        }
    }

    private static Path make() {
        try {
            Path root = Files.createTempDirectory("forno-e2e");
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> Command.of("rm", "-rf", root.toString()).run(), "scratch"));
            return root;
        } catch (IOException e) {
            throw new AssertionError("make a folder for the test run", e);
        }
    }
}
