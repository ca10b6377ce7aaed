package dev.forno.engine.images;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Debian's docker-registry on a free loopback port, with its data in a directory of the test. */
final class RegistryProcess implements AutoCloseable {
    private static final Path BINARY = Path.of("/usr/bin/docker-registry");
    private static final Pattern LISTENING = Pattern.compile("listening on (127\\.0\\.0\\.1:[0-9]+)");

    private final Process process;
    private final String host;

    private RegistryProcess(Process process, String host) {
        this.process = process;
        this.host = host;
    }

    static boolean isInstalled() {
        return Files.isExecutable(BINARY);
    }

    static RegistryProcess start(Path directory) throws IOException {
        return start(directory, "");
    }

    /** Starts one; {@code more} is added to its configuration. */
    static RegistryProcess start(Path directory, String more) throws IOException {
        Path config = Files.writeString(
                directory.resolve("registry.yml"), """
                version: 0.1
                storage:
                  filesystem:
                    rootdirectory: %s
                http:
                  addr: 127.0.0.1:0
                %s
                """.formatted(directory.resolve("registry"), more));
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
                return new RegistryProcess(process, listening.group(1));
            }
        }
        throw new IOException("docker-registry ended:\n" + seen);
    }

    String host() {
        return host;
    }

    /** Runs a command to its end and gives its output. */
    static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException(command + " exited with " + code + ":\n" + output);
        }
        return output;
    }

    private static void drain(BufferedReader output) {
        try {
            while (output.readLine() != null) {
                // The registry must not block on a full pipe.
            }
        } catch (IOException | UncheckedIOException e) {
            // It ended.
            return;
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
