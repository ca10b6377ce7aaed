package dev.forno.cli;

import dev.forno.cli.calls.Engine;
import dev.forno.cli.commands.Commands;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * What the launcher runs once after a build, while the JVM records a cache of classes for later starts: every class of
 * this program, and the paths of everyday commands. Nothing is changed in the engine.
 */
final class Training {
    private static final List<List<String>> COMMANDS = List.of(
            List.of("version"),
            List.of("info"),
            List.of("ps", "-a"),
            List.of("ps", "--format", "{{json .}}"),
            List.of("images"),
            List.of("volume", "ls"),
            List.of("network", "ls"),
            List.of("inspect", "bridge"),
            List.of("inspect", "--format", "{{range .IPAM.Config}}{{.Subnet}}{{end}}", "bridge"),
            List.of("run", "-d", "--pull", "never", "-p", "80:80", "-v", "/a:/b", "-e", "A=b", "forno-training-absent"),
            List.of("exec", "forno-training-absent", "true"),
            List.of("logs", "forno-training-absent"),
            List.of("rm", "-f", "forno-training-absent"),
            List.of("run", "--help"));

    private Training() {}

    static int run() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        loadClasses();
        for (List<String> command : COMMANDS) {
            new Program(new ByteArrayInputStream(new byte[0]), nowhere, nowhere).run(command);
        }
        return Commands.TOP.isEmpty() ? 1 : 0;
    }

    private static void loadClasses() {
        try {
            Path jar = Path.of(Engine.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            try (JarFile classes = new JarFile(jar.toFile())) {
                for (JarEntry entry : java.util.Collections.list(classes.entries())) {
                    String name = entry.getName();
                    if (name.startsWith("dev/forno/")
                            && name.endsWith(".class")
                            && !name.endsWith("package-info.class")) {
                        Class.forName(name.substring(0, name.length() - ".class".length())
                                .replace('/', '.'));
                    }
                }
            }
        } catch (IOException | URISyntaxException | ClassNotFoundException e) {
            throw new IllegalStateException("train: " + e.getMessage(), e);
        }
    }
}
