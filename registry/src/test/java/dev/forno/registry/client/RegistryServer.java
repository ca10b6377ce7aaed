package dev.forno.registry.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Debian's docker-registry on a free loopback port, with its data in a directory of the test. */
record RegistryServer(Process process, String host) implements AutoCloseable {
    private static final Path BINARY = Path.of("/usr/bin/docker-registry");
    private static final Pattern LISTENING = Pattern.compile("listening on (127\\.0\\.0\\.1:[0-9]+)");

    static boolean isInstalled() {
        return Files.isExecutable(BINARY);
    }

    /** Starts one; {@code http} and {@code more} are added to its configuration. */
    static RegistryServer start(Path directory, String http, String more) throws IOException {
        Path config = Files.writeString(
                directory.resolve("registry.yml"), """
                version: 0.1
                storage:
                  filesystem:
                    rootdirectory: %s
                http:
                  addr: 127.0.0.1:0
                  relativeurls: true
                %s
                %s
                """.formatted(directory.resolve("registry"), http, more));
        Process process = new ProcessBuilder(BINARY.toString(), "serve", config.toString())
                .redirectErrorStream(true)
                .start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder seen = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            seen.append(line).append('\n');
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                Thread.ofVirtual().start(() -> drain(output));
                return new RegistryServer(process, listening.group(1));
            }
        }
        throw new IOException("docker-registry ended:\n" + seen);
    }

    private static void drain(BufferedReader output) {
        try {
            output.transferTo(Writer.nullWriter());
        } catch (IOException e) {
            // The registry has ended.
            return;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
